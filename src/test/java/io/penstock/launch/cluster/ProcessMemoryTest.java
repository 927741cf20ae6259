package io.penstock.launch.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.event.EpochCompleted;
import io.penstock.feed.FeatureColumns;
import io.penstock.feed.LabelKind;
import io.penstock.launch.job.Executors;
import io.penstock.launch.job.SmallRun;
import io.penstock.launch.job.TrainingJob;
import io.penstock.launch.job.TrainingResult;
import io.penstock.launch.plugin.PenstockPlugin;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.generate.Schedules;
import io.penstock.train.TrainingPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What two executor processes have resident while a pipeline goes its thousand steps. */
@EnabledOnOs(OS.LINUX)
@Timeout(180)
@Tag("slow")
class ProcessMemoryTest {
  private static final int WIDTH = 256;
  private static final int BATCH = 256;
  private static final int STEPS = 10;

  /** Where the first and the last look are taken: after 200 steps and after 1,000. */
  private static final int FIRST = 20;

  private static final int LAST = 100;

  /** One frame of 64 KiB kept a step would be 50 MiB. */
  private static final long MOST_KIB = 24 << 10;

  @Test
  void theThousandthStepHoldsNoMoreThanTheTwoHundredth() {
    SparkSession spark =
        Executors.of(2, 1)
            .config("spark.plugins", PenstockPlugin.class.getName())
            // A heap that is touched from the start, so that what grows is not it.
            .config(
                "spark.executor.extraJavaOptions",
                Executors.JAVA_OPTIONS + " -Xms512m -XX:+AlwaysPreTouch")
            .getOrCreate();
    try {
      Dataset<Row> data =
          spark
              .range(0, STEPS * BATCH, 1, 3)
              .selectExpr("id % 90 / 90d a", "id % 3 / 3d b", "1d c", "1d d", "id % 3 label");
      Set<Long> processes = new HashSet<>(run(data, 1).processes());
      assertEquals(2, processes.size());
      Map<Integer, Map<Long, Long>> resident = new ConcurrentHashMap<>();
      spark
          .sparkContext()
          .addSparkListener(
              new SparkListener() {
                @Override
                public void onOtherEvent(SparkListenerEvent event) {
                  if (event instanceof EpochCompleted done) {
                    resident.put(done.epoch() + 1, residentKib(processes));
                  }
                }
              });
      TrainingResult result = run(data, LAST);
      assertEquals(LAST * STEPS, result.stepLosses().length);
      Map<Long, Long> before = resident.get(FIRST);
      Map<Long, Long> after = residentKib(processes);
      String told = "KiB resident after 200 steps " + before + ", after 1,000 " + after;
      System.out.println(told);
      before.forEach((pid, kib) -> assertTrue(after.get(pid) <= kib + MOST_KIB, told));
    } finally {
      spark.stop();
    }
  }

  private static TrainingResult run(Dataset<Row> data, int epochs) {
    TrainingPlan plan =
        new TrainingPlan(
            Sequential.perceptron(4, WIDTH, WIDTH, 3).toJson(),
            Updater.adam(0.001).toJson(),
            List.of(0, 2),
            TrainingPlan.lowerAndVerify(Schedules.generate("1f1b", 2, 4)),
            BATCH,
            epochs,
            7);
    return TrainingJob.run(
        data, FeatureColumns.of(data, SmallRun.FEATURES, "label"), LabelKind.classId(3), plan);
  }

  /** The line {@code VmRSS: 123456 kB} of every process. */
  private static Map<Long, Long> residentKib(Set<Long> processes) {
    Map<Long, Long> resident = new TreeMap<>();
    for (long pid : processes) {
      try {
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
          if (line.startsWith("VmRSS:")) {
            resident.put(pid, Long.parseLong(line.replaceAll("[^0-9]", "")));
          }
        }
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
    return resident;
  }
}
