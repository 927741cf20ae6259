package io.penstock.launch.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.launch.job.Executors;
import io.penstock.launch.job.SmallRun;
import io.penstock.launch.job.StandaloneCluster;
import io.penstock.launch.job.TrainingFailedException;
import io.penstock.launch.job.TrainingJob;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.SparkException;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
@Tag("slow")
class MissingJarTest {
  private static String withoutPenstock() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(place -> !place.contains("penstock-spark"))
        .filter(place -> !Files.isDirectory(Path.of(place, "io", "penstock")))
        .collect(Collectors.joining(File.pathSeparator));
  }

  @Test
  void executorsThatLackOurJarAreToldSo() throws Exception {
    try (SparkSession spark =
        Executors.of(2, 1)
            .config("spark.executor.extraClassPath", withoutPenstock())
            .getOrCreate()) {
      TrainingFailedException lacking =
          assertThrows(
              TrainingFailedException.class,
              () -> SmallRun.run(SmallRun.rows(spark), SmallRun.plan(2)));
      assertTrue(
          lacking.getMessage().startsWith("The executors lack Penstock's jar."),
          lacking::getMessage);
      assertTrue(lacking.getMessage().contains("--jars"), lacking::getMessage);
      assertTrue(lacking.getMessage().contains("spark.executor.extraClassPath"));
    }
  }

  @Test
  void theLookAtTheirGpusSaysItToo(@TempDir Path directory) throws Exception {
    try (StandaloneCluster cluster = StandaloneCluster.withGpus(directory, 4, 2);
        SparkSession spark =
            cluster
                .session()
                .config("spark.executor.extraClassPath", withoutPenstock())
                .getOrCreate()) {
      TrainingFailedException lacking =
          assertThrows(
              TrainingFailedException.class,
              () ->
                  TrainingJob.findings(
                      spark.sparkContext(), SmallRun.plan(2), GpuUse.AUTO, Optional.empty()));
      assertTrue(
          lacking.getMessage().startsWith("The executors lack Penstock's jar."),
          lacking::getMessage);
    }
  }

  @Test
  void otherFailuresAreNotTakenForIt() {
    assertEquals(Optional.empty(), MissingJar.in(new SparkException("Job 3 cancelled")));
    assertEquals(
        Optional.empty(),
        MissingJar.in(new SparkException("java.lang.ClassNotFoundException: com.example.Udf")));
    String nd4j = "x: java.lang.NoClassDefFoundError: org/nd4j/linalg/factory/Nd4j";
    assertTrue(
        MissingJar.in(new SparkException("failed", new RuntimeException(nd4j)))
            .orElseThrow()
            .contains("lack ND4J's jars"));
  }
}
