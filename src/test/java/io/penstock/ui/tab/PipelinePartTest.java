package io.penstock.ui.tab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.penstock.conf.Settings;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class PipelinePartTest {
  @Test
  void aSettingLeavesTheTabOut(@TempDir Path directory) throws Exception {
    try (SparkSession spark =
        Watched.builder(directory).config(Settings.UI_ENABLED.key(), "false").getOrCreate()) {
      HttpResponse<String> jobs = Watched.get(Watched.address(spark, "/jobs/"));
      assertEquals(200, jobs.statusCode());
      assertFalse(jobs.body().contains("Pipeline"), jobs.body());
      String page = Watched.get(Watched.address(spark, "/Pipeline/json")).body();
      assertFalse(page.startsWith("["), page);
    }
  }
}
