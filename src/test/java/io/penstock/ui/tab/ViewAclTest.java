package io.penstock.ui.tab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ViewAclTest {
  @Test
  void whoMayNotViewTheApplicationSeesNoRun(@TempDir Path directory) throws Exception {
    assumeTrue(
        !org.apache.spark.package$.MODULE$.SPARK_VERSION().startsWith("3."),
        "the filter that names the user is one of jakarta.servlet, which Spark 3 does not have");
    try (SparkSession spark =
        Watched.builder(directory)
            .config("spark.acls.enable", "true")
            .config("spark.ui.view.acls", "anna")
            .config("spark.ui.filters", NamedUser.class.getName())
            .getOrCreate()) {
      for (String path : List.of("/", "/json", "/run/", "/run/json")) {
        String address = Watched.address(spark, "/Pipeline" + path);
        assertEquals(403, Watched.get(address + "?user=berta").statusCode(), path);
        // A run that is not there, in place of one that may not be seen.
        int seen = Watched.get(address + "?user=anna").statusCode();
        assertEquals(path.startsWith("/run") ? 400 : 200, seen, path);
      }
      String empty = Watched.get(Watched.address(spark, "/Pipeline/?user=anna")).body();
      assertTrue(empty.contains("No network has been trained"), empty);
    }
  }
}
