package io.penstock.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.testing.LocalSpark;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
@LocalSpark(slots = 4)
class PerplexityEvaluatorTest {
  private static SparkSession spark;

  @TempDir Path directory;

  @BeforeAll
  static void start(SparkSession session) {
    spark = session;
  }

  private static Dataset<Row> logs(String arrays) {
    return spark.sql("select explode(array(" + arrays + ")) logLikelihood");
  }

  @Test
  void everyLabelCountsOnceWhateverItsRow() {
    double perplexity =
        new PerplexityEvaluator()
            .evaluate(logs("array(ln(0.5d), ln(0.25d), null), array(ln(0.125d)), array(), null"));
    assertEquals(Math.pow(0.5 * 0.25 * 0.125, -1 / 3.0), perplexity, 1e-12);
  }

  @Test
  void withoutLabelsThereIsNone() {
    PerplexityEvaluator evaluator = new PerplexityEvaluator();
    assertTrue(Double.isNaN(evaluator.evaluate(logs("array(cast(null as double))"))));
    assertTrue(Double.isNaN(evaluator.evaluate(logs("array(1d)").where("false"))));
    assertFalse(evaluator.isLargerBetter());
  }

  @Test
  void itsColumnIsSavedWithIt() throws Exception {
    String path = directory.resolve("evaluator").toString();
    new PerplexityEvaluator().setLogLikelihoodCol("x.y").save(path);
    PerplexityEvaluator loaded = PerplexityEvaluator.load(path);
    assertEquals("x.y", loaded.getLogLikelihoodCol());
    assertEquals(2, loaded.evaluate(logs("array(ln(0.5d))").toDF("x.y")), 1e-12);
  }
}
