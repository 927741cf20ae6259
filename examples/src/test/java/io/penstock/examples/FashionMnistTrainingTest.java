package io.penstock.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.balance.Cut;
import io.penstock.balance.CutConstraints;
import io.penstock.balance.Payoff;
import io.penstock.balance.Profile;
import io.penstock.ml.PipelineParallelClassifier;
import io.penstock.nn.network.Sequential;
import io.penstock.schedule.Schedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class FashionMnistTrainingTest {
  @TempDir private Path folder;
  private SparkSession spark;

  @AfterEach
  void stop() {
    if (spark != null) {
      spark.stop();
    }
  }

  private String result(String... more) throws IOException {
    spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.sql.shuffle.partitions", 2)
            .getOrCreate();
    Files.write(folder.resolve("train-images-idx3-ubyte.gz"), IdxFiles.images(60));
    Files.write(folder.resolve("train-labels-idx1-ubyte.gz"), IdxFiles.labels(60));
    Files.write(folder.resolve("t10k-images-idx3-ubyte.gz"), IdxFiles.images(10));
    Files.write(folder.resolve("t10k-labels-idx1-ubyte.gz"), IdxFiles.labels(10));
    String[] arguments = {"--data=" + folder, "--epochs=2", "--batch-size=30", "--hidden=16,16"};
    String[] all = Arrays.copyOf(arguments, arguments.length + more.length);
    System.arraycopy(more, 0, all, arguments.length, more.length);
    return FashionMnistTraining.of(all).run().toString();
  }

  @Test
  void twoExecutorsAreComparedWithOne() throws IOException {
    String result = result();
    assertTrue(result.startsWith("RESULT stages=2 "), result);
    assertTrue(result.matches(".* fit_s=\\S+ speedup_over_one=\\d+\\.\\d{4}"), result);
  }

  @Test
  void whatIsChosenIsComparedWithOneToo() throws IOException {
    String result = result("--schedule=auto");
    assertTrue(result.matches(".* speedup_over_one=\\d+\\.\\d{4}"), result);
  }

  @Test
  void oneExecutorHasNothingToBeComparedWith() throws IOException {
    assertFalse(result("--stages=1").contains("speedup"));
  }

  @Test
  void asManyOfTheExecutorsOfferedAreTakenAsPay() throws IOException {
    String result = result("--stages=0");
    assertTrue(result.matches("RESULT stages=[12] stages_offered=2 .*"), result);
    boolean several = result.startsWith("RESULT stages=2 ");
    assertEquals(several, result.contains("speedup_over_one="), result);
  }

  @Test
  void aScheduleByNameCannotChooseHowManyExecutorsPay() {
    PipelineParallelClassifier classifier =
        FashionMnistTraining.of("--stages=0", "--schedule=zb-h2").classifier();
    String message =
        assertThrows(IllegalArgumentException.class, classifier::resolveSchedule).getMessage();
    assertTrue(message.contains("Set schedule to auto"), message);
  }

  @Test
  void theComparisonCanBeLeftOut() throws IOException {
    assertFalse(result("--compare=no").contains("speedup"));
  }

  private static Payoff payoff(String... arguments) {
    PipelineParallelClassifier classifier = FashionMnistTraining.of(arguments).classifier();
    Sequential network = classifier.resolveNetwork();
    Schedule schedule = classifier.resolveSchedule();
    Cut cut = classifier.resolveCut(network, schedule, CutConstraints.UNLIMITED);
    Profile guess = Profile.guessed(network, classifier.resolveUpdater(), false);
    return Payoff.of(
        guess, schedule, cut, classifier.getBatchSize(), classifier.getNumMicroBatches());
  }

  @Test
  void theDefaultsAreSuchThatTwoExecutorsPay() {
    Payoff payoff = payoff();
    assertEquals(2, payoff.ranks());
    assertTrue(payoff.factor().getAsDouble() > 1.5, payoff::toString);
    assertTrue(payoff.microBatchSeconds() > 5 * payoff.handOverSeconds(), payoff::toString);
    Payoff small = payoff("--hidden=256,128,100", "--batch-size=128", "--schedule=1f1b");
    assertFalse(small.pays(), small::toString);
  }
}
