package io.penstock.launch;

import io.penstock.feed.BatchReader;
import io.penstock.feed.Block;
import io.penstock.feed.EmptyDataException;
import io.penstock.feed.EpochOrder;
import io.penstock.feed.MiniBatches;
import io.penstock.feed.RowStore;
import io.penstock.feed.Stores;
import io.penstock.link.Link;
import io.penstock.link.LinkConfig;
import io.penstock.link.LinkException;
import io.penstock.link.Links;
import io.penstock.train.Batches;
import io.penstock.train.RankResult;
import io.penstock.train.RankRunner;
import io.penstock.train.TrainingPlan;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.network.util.JavaUtils;
import org.apache.spark.util.Utils;
import org.nd4j.linalg.api.ndarray.INDArray;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;

/** The body of one barrier task: takes in its rows, meets its peers, trains, hands over. */
final class StageTask
    extends AbstractFunction1<
        scala.collection.Iterator<Block>, scala.collection.Iterator<RankResult>>
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Off-heap memory for rows; what does not fit lies on local disk. */
  static final String FEED_MEMORY = "spark.penstock.feed.memory";

  /** The name under which the peers reach this executor, where Spark's own is not right. */
  static final String ADVERTISED_HOST = "spark.penstock.link.host";

  /** Reach peers of the same process over the network too: for tests and measurements. */
  static final String NETWORK_ONLY = "spark.penstock.link.networkOnly";

  private static final int META_FIELDS = 2;

  private final String runId;
  private final TrainingPlan plan;
  private final int width;

  StageTask(String runId, TrainingPlan plan, int width) {
    this.runId = runId;
    this.plan = plan;
    this.width = width;
  }

  @Override
  public scala.collection.Iterator<RankResult> apply(scala.collection.Iterator<Block> blocks) {
    BarrierTaskContext context = BarrierTaskContext.get();
    DriverEndpoint.Remote driver = new DriverEndpoint.Remote(runId);
    SparkConf conf = SparkEnv.get().conf();
    try (Link link = ready(context, driver, conf)) {
      Path directory = Path.of(Utils.getLocalDir(conf));
      try (Stores stores =
          Stores.build(CollectionConverters.asJava(blocks), width, feedMemory(conf), directory)) {
        RankResult result = meetAndRun(context, driver, stores, link);
        return CollectionConverters.asScala(List.of(result).iterator());
      } catch (Throwable cause) {
        // The driver first: once the peers know, they fail too, and Spark may kill this task for it
        // before it has told why. They hear the cause, not only that this rank is gone.
        tell(context, driver, cause);
        link.fail(cause);
        throw sneaky(cause);
      }
    }
  }

  private Link ready(BarrierTaskContext context, DriverEndpoint.Remote driver, SparkConf conf) {
    try {
      NativeRuntime.ready(Math.max(1, context.cpus()));
      return Links.open(linkConfig(conf));
    } catch (Throwable cause) {
      tell(context, driver, cause);
      throw sneaky(cause);
    }
  }

  /** A task that Spark kills has nothing to tell: its failure is what Spark wanted. */
  private void tell(BarrierTaskContext context, DriverEndpoint.Remote driver, Throwable cause) {
    if (context.isInterrupted()) {
      return;
    }
    try {
      driver.tell(failure(context.partitionId(), cause));
    } catch (Exception unheard) {
      cause.addSuppressed(unheard);
    }
  }

  private RankResult meetAndRun(
      BarrierTaskContext context, DriverEndpoint.Remote driver, Stores stores, Link link)
      throws InterruptedException {
    int rank = context.partitionId();
    long ownRows = Math.max(stores.features().rows(), stores.labels().rows());
    // The one meeting of the run; each costs a second. Rank 0 knows the rows, all must.
    String[] met = context.allGather(ownRows + " " + link.address());
    List<String[]> peers = Arrays.stream(met).map(said -> said.split(" ", META_FIELDS)).toList();
    long rows = Long.parseLong(peers.get(0)[0]);
    if (rows == 0) {
      throw new EmptyDataException();
    }
    link.connect(rank, peers.stream().map(said -> said[1]).toList());
    MiniBatches miniBatches = new MiniBatches(rows, plan.batchSize(), plan.microBatches());
    boolean last = rank == plan.stages() - 1;
    RankRunner runner =
        new RankRunner(
            rank,
            plan,
            link,
            rank == 0 ? batches(stores.features(), miniBatches) : null,
            last ? batches(stores.labels(), miniBatches) : null,
            miniBatches,
            context::isInterrupted);
    return runner.run(driver::tell);
  }

  private Batches batches(RowStore rows, MiniBatches miniBatches) {
    return new Batches() {
      private BatchReader reader;

      @Override
      public void startEpoch(int epoch) {
        reader =
            new BatchReader(rows, new EpochOrder(rows.rows(), plan.seed(), epoch), miniBatches);
      }

      @Override
      public INDArray microBatch(int step, int microBatch) {
        return reader.read(step, microBatch);
      }
    };
  }

  private LinkConfig linkConfig(SparkConf conf) {
    Map<String, String> settings =
        Arrays.stream(conf.getAll())
            .collect(Collectors.toMap(entry -> entry._1(), entry -> entry._2(), (a, b) -> b));
    String host = conf.get(ADVERTISED_HOST, Utils.localHostNameForURI());
    boolean authenticate = SparkEnv.get().securityManager().isAuthenticationEnabled();
    return new LinkConfig(
        null,
        host,
        0,
        settings,
        conf.getAppId(),
        SparkEnv.get().securityManager(),
        authenticate,
        conf.getBoolean(NETWORK_ONLY, false));
  }

  private static long feedMemory(SparkConf conf) {
    return conf.contains(FEED_MEMORY)
        ? JavaUtils.byteStringAsBytes(conf.get(FEED_MEMORY))
        : Runtime.getRuntime().maxMemory() / 4;
  }

  private RankFailure failure(int rank, Throwable cause) {
    boolean consequence = cause instanceof LinkException || cause instanceof InterruptedException;
    return RankFailure.of(rank, Utils.localHostName(), consequence, cause);
  }

  /** Spark's task body throws what it likes; Java has to be told. */
  @SuppressWarnings("unchecked")
  private static <T extends Throwable> RuntimeException sneaky(Throwable cause) throws T {
    throw (T) cause;
  }
}
