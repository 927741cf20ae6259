package io.penstock.launch;

import io.penstock.link.Link;
import io.penstock.link.LinkConfig;
import io.penstock.link.LinkException;
import io.penstock.link.Links;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.util.Utils;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;

/**
 * What all barrier tasks have in common: native code made ready, a link opened, and a failure told
 * to the driver and to the peers.
 *
 * @param <T> what a partition holds
 * @param <R> what a rank ends with
 */
abstract class RankTask<T, R>
    extends AbstractFunction1<scala.collection.Iterator<T>, scala.collection.Iterator<byte[]>>
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Reach peers of the same process over the network too: for tests and measurements. */
  static final String NETWORK_ONLY = "spark.penstock.link.networkOnly";

  private static final int META_FIELDS = 2;

  /** Between two looks at who has come. A peer may take minutes to take its rows in. */
  private static final int MOST_PAUSE_MILLIS = 50;

  private final String runId;
  private final RankDevice device;

  RankTask(String runId, RankDevice device) {
    this.runId = runId;
    this.device = device;
  }

  String runId() {
    return runId;
  }

  /** Bytes of the largest array that a peer may send to this rank. */
  abstract long largestFrame();

  /** Does the rank's work. Its link is open and not connected yet. */
  abstract R work(
      BarrierTaskContext context, Iterator<T> rows, Link link, DriverEndpoint.Remote driver)
      throws InterruptedException;

  @Override
  public final scala.collection.Iterator<byte[]> apply(scala.collection.Iterator<T> rows) {
    BarrierTaskContext context = BarrierTaskContext.get();
    DriverEndpoint.Remote driver = new DriverEndpoint.Remote(runId);
    try (Link link = ready(context, driver)) {
      try {
        R result = work(context, CollectionConverters.asJava(rows), link, driver);
        return CollectionConverters.asScala(List.of(Carried.bytes(result)).iterator());
      } catch (Throwable cause) {
        // The driver first: once the peers know, they fail too, and Spark may kill this task for it
        // before it has told why. They hear the cause, not only that this rank is gone.
        tell(context, driver, cause);
        link.fail(cause);
        throw sneaky(cause);
      }
    }
  }

  /**
   * The one meeting of a run: connects the link to all peers. Ends when all have come, or as soon
   * as Spark gives this task up, as it does when a peer is lost before it has come.
   *
   * @param word what this rank has to say, without blanks
   * @return what every rank has said, by rank
   */
  static List<String> meet(
      BarrierTaskContext context, Link link, DriverEndpoint.Remote driver, String word)
      throws InterruptedException {
    int rank = context.partitionId();
    Rendezvous.Arrival own =
        new Rendezvous.Arrival(rank, context.stageAttemptNumber(), word + " " + link.address());
    String[] met = driver.come(own);
    for (int pause = 1; met.length == 0; pause = Math.min(2 * pause, MOST_PAUSE_MILLIS)) {
      if (context.isInterrupted()) {
        throw new InterruptedException("Spark has ended this task while it waited for its peers");
      }
      Thread.sleep(pause);
      met = driver.come(own);
    }
    List<String[]> peers = Arrays.stream(met).map(said -> said.split(" ", META_FIELDS)).toList();
    link.connect(rank, peers.stream().map(said -> said[1]).toList());
    return peers.stream().map(said -> said[0]).toList();
  }

  private Link ready(BarrierTaskContext context, DriverEndpoint.Remote driver) {
    try {
      device.ready(context, Math.max(1, context.cpus()));
      return Links.open(linkConfig(SparkEnv.get().conf()));
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

  private LinkConfig linkConfig(SparkConf conf) {
    Map<String, String> settings =
        Arrays.stream(conf.getAll())
            .collect(Collectors.toMap(entry -> entry._1(), entry -> entry._2(), (a, b) -> b));
    LinkHosts hosts = LinkHosts.here(SparkEnv.get());
    boolean authenticate = SparkEnv.get().securityManager().isAuthenticationEnabled();
    return new LinkConfig(
        hosts.bind(),
        hosts.advertised(),
        0,
        settings,
        conf.getAppId(),
        SparkEnv.get().securityManager(),
        authenticate,
        conf.getBoolean(NETWORK_ONLY, false),
        largestFrame());
  }

  private static RankFailure failure(int rank, Throwable cause) {
    boolean consequence = cause instanceof LinkException || cause instanceof InterruptedException;
    return RankFailure.of(rank, Utils.localHostName(), consequence, cause);
  }

  /** Spark's task body throws what it likes; Java has to be told. */
  @SuppressWarnings("unchecked")
  private static <T extends Throwable> RuntimeException sneaky(Throwable cause) throws T {
    throw (T) cause;
  }
}
