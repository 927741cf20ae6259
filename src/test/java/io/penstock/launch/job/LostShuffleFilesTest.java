package io.penstock.launch.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.checkpoint.RunIdentity;
import io.penstock.event.FailureKind;
import io.penstock.event.RunEvent;
import io.penstock.event.RunIncident;
import io.penstock.launch.cluster.DeviceDemand;
import io.penstock.launch.cluster.GpuUse;
import io.penstock.launch.cluster.Placement;
import io.penstock.launch.cluster.Preflight;
import io.penstock.launch.cluster.RankCompute;
import io.penstock.launch.cluster.RankDevice;
import io.penstock.launch.cluster.WeightsPlace;
import io.penstock.link.FramePlan;
import io.penstock.link.Link;
import io.penstock.testing.LocalSpark;
import java.nio.file.Files;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.HashPartitioner;
import org.apache.spark.ShuffleDependency;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import scala.Tuple2;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Files of the rows' shuffle that are gone when the ranks ask for them: Spark ends a barrier job
 * for that, and makes them anew in the next.
 */
@Timeout(120)
@LocalSpark(slots = 2)
class LostShuffleFilesTest {
  private static final int ROWS = 100;
  private static SparkContext context;

  private final List<RunEvent> told = new CopyOnWriteArrayList<>();
  private final RunMonitor monitor = new RunMonitor("lost", 2, 0, told::add);

  @BeforeAll
  static void start(SparkSession session) {
    context = session.sparkContext();
  }

  /** Counts the rows. */
  private static final class Counting extends RankTask<Tuple2<Integer, Integer>, Integer> {
    private static final long serialVersionUID = 1L;

    Counting(RankDevice device) {
      super("lost", 0, device);
    }

    @Override
    FramePlan framesFor(int anyRank) {
      return FramePlan.upTo(1);
    }

    @Override
    Integer work(
        BarrierTaskContext context,
        Iterator<Tuple2<Integer, Integer>> rows,
        Link link,
        DriverEndpoint.Remote driver,
        RankCompute compute,
        RankActivity activity)
        throws InterruptedException {
      int count = 0;
      for (; rows.hasNext(); rows.next()) {
        count++;
      }
      connect(
          link,
          context.partitionId(),
          meet(context, link, driver, new RunIdentity.Rows(count, 0, 0), compute.arithmetic()));
      return count;
    }
  }

  private static RDD<Tuple2<Integer, Integer>> shuffled() {
    RDD<Tuple2<Integer, Integer>> rows =
        JavaPairRDD.toRDD(
            new JavaSparkContext(context)
                .parallelize(IntStream.range(0, ROWS).boxed().toList(), 3)
                .mapToPair(row -> new Tuple2<>(row, row))
                .partitionBy(new HashPartitioner(2)));
    assertEquals(ROWS, rows.count());
    return rows;
  }

  private static void deleteFilesOf(RDD<?> rows) throws Exception {
    ShuffleDependency<?, ?, ?> dependency =
        (ShuffleDependency<?, ?, ?>) CollectionConverters.asJava(rows.dependencies()).get(0);
    String name = "shuffle_" + dependency.shuffleId() + "_";
    for (var file :
        CollectionConverters.asJava(
            SparkEnv.get().blockManager().diskBlockManager().getAllFiles())) {
      if (file.getName().startsWith(name)) {
        Files.delete(file.toPath());
      }
    }
  }

  private List<Integer> count(RDD<Tuple2<Integer, Integer>> rows) {
    Placement placement =
        Preflight.await(context, 2, 0, WeightsPlace.NONE, DeviceDemand.of(GpuUse.NEVER));
    return new BarrierJob(context, placement.profile(), monitor)
        .run(rows, new Counting(placement.device()), Integer.class);
  }

  @Test
  void areTheJobsFailureAndThereWhenItIsRunAgain() throws Exception {
    RDD<Tuple2<Integer, Integer>> rows = shuffled();
    deleteFilesOf(rows);
    TrainingFailedException failed = assertThrows(TrainingFailedException.class, () -> count(rows));
    assertEquals(FailureKind.JOB_FAILED, failed.kind());
    assertTrue(failed.kind().recoverable());
    assertTrue(failed.getMessage().contains("shuffle files that hold its rows are gone"));
    told.forEach(event -> assertEquals(FailureKind.JOB_FAILED, ((RunIncident) event).failure()));
    assertFalse(told.isEmpty());
    assertEquals(ROWS, count(rows).stream().mapToInt(Integer::intValue).sum());
  }
}
