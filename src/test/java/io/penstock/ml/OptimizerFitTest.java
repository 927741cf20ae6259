package io.penstock.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.penstock.nn.loss.Losses;
import io.penstock.testing.LocalSpark;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The optimizer's params from end to end. */
@Timeout(120)
@LocalSpark(slots = 4)
class OptimizerFitTest {
  private static SparkSession spark;
  private static Dataset<Row> rows;

  @TempDir Path directory;

  @BeforeAll
  static void start(SparkSession session) {
    spark = session;
    rows = Blobs.rows(spark).cache();
  }

  private static PipelineParallelClassifier classifier() {
    return Blobs.classifier()
        .setEpochs(3)
        .setClipNorm(0.05)
        .setWeightDecay(0.1)
        .setWarmUpSteps(4)
        .setLearningRateDecay("cosine")
        .setLabelSmoothing(0.1);
  }

  private static Map<Integer, float[]> weights(PipelineParallelClassifier classifier) {
    return classifier.fit(rows).training().orElseThrow().weights().toMap();
  }

  private static void assertSame(Map<Integer, float[]> wanted, Map<Integer, float[]> weights) {
    assertEquals(wanted.keySet(), weights.keySet());
    wanted.forEach((layer, values) -> assertArrayEquals(values, weights.get(layer), 0f));
  }

  @Test
  void allOfThemTogetherGiveTheSameModelOnAnyNumberOfStages() {
    Map<Integer, float[]> one = weights(classifier().setNumStages(1));
    assertSame(one, weights(classifier().setNumStages(2)));
    assertSame(one, weights(classifier().setNumStages(2).setSchedule("zb-h1").setClipValue(1e6)));
    assertSame(one, weights(classifier().setNumStages(3).setSchedule("gpipe")));
  }

  @Test
  void everyOneOfThemActs() {
    Map<Integer, float[]> all = weights(classifier());
    List<Consumer<PipelineParallelClassifier>> without =
        List.of(
            it -> it.clear(it.clipNorm()),
            it -> it.clear(it.weightDecay()),
            it -> it.clear(it.warmUpSteps()),
            it -> it.clear(it.learningRateDecay()),
            it -> it.clear(it.labelSmoothing()),
            it -> it.setClipValue(1e-4));
    for (int i = 0; i < without.size(); i++) {
      PipelineParallelClassifier less = classifier();
      without.get(i).accept(less);
      assertFalse(Arrays.equals(all.get(0), weights(less).get(0)), "case " + i);
    }
  }

  @Test
  void theyAreSavedWithEstimatorAndModel() throws Exception {
    String path = directory.resolve("estimator").toString();
    classifier().save(path);
    PipelineParallelClassifier loaded = PipelineParallelClassifier.load(path);
    assertEquals(classifier().resolveUpdater(), loaded.resolveUpdater());
    assertEquals(0.1, loaded.getLabelSmoothing());
    PipelineParallelClassificationModel model = loaded.fit(rows);
    String fitted = directory.resolve("model").toString();
    model.save(fitted);
    PipelineParallelClassificationModel back = PipelineParallelClassificationModel.load(fitted);
    assertEquals(0.05, back.getClipNorm());
    assertEquals(Losses.softmaxCrossEntropy().smoothed(0.1), back.describe().loss());
  }
}
