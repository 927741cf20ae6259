package io.penstock.launch.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.feed.FeatureColumns;
import io.penstock.feed.LabelKind;
import io.penstock.launch.plugin.PenstockPlugin;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.generate.Schedules;
import io.penstock.train.TrainingPlan;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
@Tag("slow")
class LargeFeedTest {
  private static final int ROWS = 200_000;
  private static final int FEATURES = 100;
  private static final long MEMORY = 8 << 20;

  @Test
  void rowsBeyondTheMemoryForThemLieOnDiskHoweverTheyWerePartitioned() throws IOException {
    AtomicLong spilled = new AtomicLong();
    TrainingResult even;
    TrainingResult skewed;
    try (SparkSession spark =
        Executors.of(2, 1)
            .config("spark.plugins", PenstockPlugin.class.getName())
            .config("spark.penstock.feed.memory", MEMORY)
            .config("spark.memory.fraction", "0.2") // so that the shuffle has to spill too
            .config("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
            .getOrCreate()) {
      spark
          .sparkContext()
          .addSparkListener(
              new SparkListener() {
                @Override
                public void onTaskEnd(SparkListenerTaskEnd end) {
                  spilled.addAndGet(end.taskMetrics().diskBytesSpilled());
                }
              });
      even = train(rows(spark.range(0, ROWS, 1, 8).toDF()));
      skewed =
          train(
              rows(
                  spark
                      .range(0, ROWS - 1, 1, 1)
                      .union(spark.range(ROWS - 1, ROWS, 1, 4)) // three of them empty
                      .toDF()));
    }
    assertEquals(ROWS, even.epochs().get(1).rows());
    assertArrayEquals(even.stepLosses(), skewed.stepLosses());
    even.weights().toMap().forEach((layer, w) -> assertArrayEquals(w, skewed.weights().of(layer)));
    long bytes = (long) ROWS * FEATURES * Float.BYTES;
    assertTrue(spilled.get() > 2 * (bytes - MEMORY), spilled + " bytes on disk");
  }

  private static Dataset<Row> rows(Dataset<Row> ids) {
    Column[] features =
        IntStream.range(0, FEATURES)
            .mapToObj(i -> functions.hash(functions.col("id"), functions.lit(i)))
            .map(hash -> hash.divide(functions.lit((double) (1L << 31))).cast("float"))
            .toArray(Column[]::new);
    return ids.select(
        functions.array(features).as("features"), features[0].gt(0).cast("int").as("label"));
  }

  private static TrainingResult train(Dataset<Row> rows) {
    LabelKind labels = LabelKind.classId(2);
    TrainingPlan plan =
        new TrainingPlan(
            Sequential.perceptron(FEATURES, 16, 2).toJson(),
            Updater.adam(0.01).toJson(),
            List.of(0, 2),
            TrainingPlan.lowerAndVerify(Schedules.generate("1f1b", 2, 4)),
            10_000,
            2,
            7);
    return TrainingJob.run(
        rows,
        FeatureColumns.of(rows.schema(), List.of("features"), "label", labels, FEATURES),
        labels,
        plan);
  }
}
