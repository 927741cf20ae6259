package io.penstock.launch.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.penstock.conf.Settings;
import io.penstock.launch.job.SmallRun;
import io.penstock.launch.job.TrainingResult;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class PenstockPluginTest {
  @Test
  void trainsInTheDriversOwnProcessToo() throws Exception {
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.plugins", PenstockPlugin.class.getName())
            .getOrCreate()) {
      TrainingResult result = SmallRun.run(SmallRun.rows(spark), SmallRun.plan(2));
      assertEquals(2 * SmallRun.STEPS, result.stepLosses().length);
    }
  }

  @Test
  void aSettingThatIsNoneIsRefusedWhenTheApplicationStarts() {
    SparkSession.Builder builder =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.plugins", PenstockPlugin.class.getName())
            .config(Settings.BACKEND.key(), "gpu");
    String told = assertThrows(IllegalArgumentException.class, builder::getOrCreate).getMessage();
    assertEquals("spark.penstock.backend is 'gpu'; write one of auto, cuda, nd4j-cuda, cpu.", told);
  }
}
