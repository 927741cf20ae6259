package io.penstock.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class FashionCnnTest {
  @TempDir private Path folder;
  private SparkSession spark;

  @BeforeEach
  void start() {
    spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.sql.shuffle.partitions", 2)
            .getOrCreate();
  }

  @AfterEach
  void stop() {
    spark.stop();
  }

  @Test
  void twoStagesTrainAndTheSavedModelScoresTheSame() throws IOException {
    Files.write(folder.resolve("train-images-idx3-ubyte.gz"), IdxFiles.images(60));
    Files.write(folder.resolve("train-labels-idx1-ubyte.gz"), IdxFiles.labels(60));
    Files.write(folder.resolve("t10k-images-idx3-ubyte.gz"), IdxFiles.images(10));
    Files.write(folder.resolve("t10k-labels-idx1-ubyte.gz"), IdxFiles.labels(10));
    String result =
        FashionCnn.train(
                new String[] {
                  "--data", folder.toString(), "--epochs", "1", "--batch-size", "30",
                })
            .toString();
    assertTrue(result.startsWith("RESULT stages=2 "), result);
    assertTrue(result.matches(".* test_accuracy=[01]\\.\\d{4} .* fit_s=.*"), result);
  }

  @Test
  void theNetworkTakesPixelsAndGivesAClassEach() {
    assertEquals(FashionMnist.FEATURES, FashionCnn.network().input().size());
    assertEquals(FashionMnist.CLASSES, FashionCnn.network().output().size());
  }

  @Test
  void aLearningRateOfNothingIsRefused() {
    String[] arguments = {"--learning-rate", "0"};
    String message =
        assertThrows(IllegalArgumentException.class, () -> FashionCnn.train(arguments))
            .getMessage();
    assertTrue(message.contains("--learning-rate"), message);
  }
}
