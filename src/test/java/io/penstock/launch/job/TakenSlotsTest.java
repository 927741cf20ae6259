package io.penstock.launch.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.conf.Settings;
import io.penstock.event.RankPlace;
import io.penstock.event.RanksReady;
import io.penstock.nn.update.Updater;
import io.penstock.train.TrainingPlan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
@Tag("slow")
class TakenSlotsTest {
  @TempDir Path directory;

  @Test
  void codeThatHangsWhileAnotherRankIsLostHoldsNoSlotOfTheNextAttempt() throws Exception {
    BlockingQueue<RanksReady> ready = new LinkedBlockingQueue<>();
    SparkSession spark =
        Executors.of(2, 1)
            .config(Settings.STALL_TIMEOUT.key(), "10s")
            .config(Settings.BACK_OFF.key(), "1ms")
            .config(Settings.MAX_FAILURES.key(), "9")
            .getOrCreate();
    try {
      spark
          .sparkContext()
          .addSparkListener(
              new SparkListener() {
                @Override
                public void onOtherEvent(SparkListenerEvent event) {
                  if (event instanceof RanksReady now) {
                    ready.add(now);
                  }
                }
              });
      Dataset<Row> data = SmallRun.rows(spark);
      Path flag = Sabotage.flagIn(directory);
      Sabotage hang = new Sabotage(Sabotage.Deed.HANG, SmallRun.PARAMETERS.get(0), flag);
      TrainingPlan plan = SmallRun.plan(2, 3, Updater.of(hang));
      CompletableFuture<TrainingResult> run =
          CompletableFuture.supplyAsync(() -> SmallRun.run(data, plan));
      List<RankPlace> places = ready.take().places();
      while (Files.exists(flag)) {
        Thread.sleep(20);
      }
      ProcessHandle hung = ProcessHandle.of(places.get(0).pid()).orElseThrow();
      assertTrue(ProcessHandle.of(places.get(1).pid()).orElseThrow().destroyForcibly());
      TrainingResult result = run.get();
      hung.onExit().get();
      assertFalse(result.processes().contains(hung.pid()));
      assertArrayEquals(SmallRun.run(data, plan).stepLosses(), result.stepLosses());
    } finally {
      spark.stop();
    }
  }
}
