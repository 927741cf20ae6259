package io.penstock.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.FreshProcess;
import io.penstock.compute.Arithmetic;
import io.penstock.device.InstructionSet;
import io.penstock.device.Processor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever a process does first, without the plugin, its kernels are chosen before the libraries
 * load. In processes of their own, which have loaded nothing.
 */
@Timeout(180)
@Tag("slow")
class FirstToLoadTest {
  private static final Processor HERE = Processor.here();

  @TempDir Path directory;

  /** Does what it is told, and then says what it computes with, and what is wrong with that. */
  public static void main(String[] arguments) throws Exception {
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "2")
            .getOrCreate()) {
      switch (arguments[0]) {
        case "fit" -> {
          PipelineParallelClassificationModel model = Blobs.classifier().fit(Blobs.rows(spark));
          model.save(arguments[1]);
          FreshProcess.tell(model.summary().computesWith());
        }
        case "explain" ->
            FreshProcess.tell(Blobs.classifier().explain(Blobs.rows(spark)).arithmetic());
        case "predict" ->
            PipelineParallelClassificationModel.load(arguments[1])
                .predict(Vectors.dense(1, 2, 3, 4));
        case "transform" ->
            PipelineParallelClassificationModel.load(arguments[1])
                .transform(Blobs.rows(spark))
                .count();
        default -> throw new IllegalArgumentException(arguments[0]);
      }
    }
    Arithmetic here = Arithmetic.here(1);
    FreshProcess.tell(here.line());
    here.complaint().ifPresent(FreshProcess::tell);
  }

  @BeforeAll
  static void assumeClass() {
    assumeTrue(
        HERE.best() != InstructionSet.OTHER,
        "the libraries choose by themselves on this processor: " + HERE);
  }

  /** What it tells, of which the last is the line of a process whose kernels were chosen. */
  private List<String> first(String deed) throws Exception {
    String place = directory.resolve("model").toUri().toString();
    List<String> told = FreshProcess.run(FirstToLoadTest.class, Map.of(), deed, place);
    String line = told.get(told.size() - 1);
    assertTrue(line.contains(" " + HERE.best().openBlas().orElseThrow() + ", "), told::toString);
    assertTrue(line.endsWith("by the processor's class"), told::toString);
    return told;
  }

  @Test
  void fitChoosesFirstAndThenEveryUseOfItsModel() throws Exception {
    List<String> fitted = first("fit");
    assertEquals(List.of(fitted.get(1), fitted.get(1)), fitted);
    assertEquals(1, first("predict").size());
    assertEquals(1, first("transform").size());
  }

  @Test
  void explainChoosesFirst() throws Exception {
    List<String> explained = first("explain");
    assertEquals(List.of(explained.get(1), explained.get(1)), explained);
  }
}
