package io.penstock.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.checkpoint.NetworkWeights;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.testing.LocalSpark;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
@LocalSpark(slots = 4)
class PipelineParallelSequenceModelTest {
  private static SparkSession spark;
  private static Dataset<Row> rows;
  private static PipelineParallelSequenceModel model;

  @BeforeAll
  static void start(SparkSession session) {
    spark = session;
    rows = Counting.rows(spark).cache();
    model = Counting.learner().setMaxIter(30).fit(rows);
  }

  private static PipelineParallelSequenceModel copy() {
    return model.copy(ParamMap.empty());
  }

  @Test
  void theLikeliestNextTokenStandsAtEveryPlace() {
    for (Row row : model.transform(rows).collectAsList()) {
      List<Integer> tokens = row.getList(row.fieldIndex("features"));
      List<Integer> next = row.getList(row.fieldIndex("prediction"));
      assertEquals(tokens.stream().map(it -> (it + 1) % Counting.IDS).toList(), next);
    }
  }

  @Test
  void logLikelihoodAndPerplexitySpeakOfTheNextTokens() {
    List<Row> scored =
        copy()
            .setLogLikelihoodCol("logs")
            .setPerplexityCol("perplexity")
            .transform(rows)
            .collectAsList();
    double sum = 0;
    int count = 0;
    for (Row row : scored) {
      List<Double> logs = row.getList(row.fieldIndex("logs"));
      assertEquals(row.getList(row.fieldIndex("features")).size(), logs.size());
      assertNull(logs.get(logs.size() - 1));
      List<Double> known = logs.subList(0, logs.size() - 1);
      assertTrue(known.stream().allMatch(it -> it < 0 && it > Math.log(0.5)), logs.toString());
      double own = known.stream().mapToDouble(it -> it).sum();
      assertEquals(Math.exp(-own / known.size()), row.<Double>getAs("perplexity"), 1e-12);
      sum += own;
      count += known.size();
    }
    assertEquals(Math.exp(-sum / count), model.perplexity(rows), 1e-9);
    assertTrue(model.perplexity(rows) < 1.5);
    assertTrue(Double.isNaN(model.perplexity(rows.where("id < 0"))));
  }

  @Test
  void aRowOfOneTokenHasNoPerplexity() {
    Row row =
        copy()
            .setPerplexityCol("perplexity")
            .transform(rows.selectExpr("slice(features, 1, 1) features"))
            .first();
    assertTrue(row.isNullAt(row.fieldIndex("perplexity")));
  }

  @Test
  void labelsOfTheirOwnAreTakenWhereTheyAreNamed() {
    PipelineParallelSequenceModel own =
        model.copy(
            new ParamMap().put(model.labelCol(), "labels").put(model.logLikelihoodCol(), "logs"));
    Dataset<Row> labelled =
        rows.selectExpr("features", "transform(features, (x, i) -> if(i = 0, -1, x)) labels");
    for (Row row : own.transform(labelled).collectAsList()) {
      List<Double> logs = row.getList(row.fieldIndex("logs"));
      assertNull(logs.get(0));
      assertTrue(logs.stream().skip(1).allMatch(it -> it < Math.log(0.5)), "wrong labels");
    }
    String message =
        assertThrows(IllegalArgumentException.class, () -> own.transform(rows)).getMessage();
    assertTrue(message.contains("no label column 'labels'"), message);
    own.setLogLikelihoodCol("");
    assertEquals(rows.count(), own.transform(rows).count(), "predictions need no labels");
  }

  @Test
  void rowsTogetherAreScoredAsAlone() {
    List<Row> alone =
        copy().setBlockSize(1).setLogLikelihoodCol("l").transform(rows).collectAsList();
    List<Row> together =
        copy()
            .setBlockSize(50)
            .setLogLikelihoodCol("l")
            .transform(rows.coalesce(1))
            .collectAsList();
    for (int i = 0; i < alone.size(); i++) {
      List<Double> one = alone.get(i).getList(alone.get(i).fieldIndex("l"));
      List<Double> other = together.get(i).getList(together.get(i).fieldIndex("l"));
      for (int place = 0; place < one.size() - 1; place++) {
        assertEquals(one.get(place), other.get(place), 1e-5);
      }
    }
  }

  @Test
  void whatLooksBothWaysDoesNotSeeTheRowsBesideIt() {
    PipelineParallelSequenceModel bothWays =
        new PipelineParallelSequenceLearner()
            .setNetwork(
                Sequential.input(Counting.LENGTH)
                    .embedding(Counting.IDS, 8)
                    .positions(Counting.LENGTH)
                    .transformerBlock(2, 16, false, 0)
                    .dense(Counting.IDS)
                    .loss(Losses.softmaxCrossEntropy())
                    .build())
            .setNumStages(1)
            .setMaxIter(1)
            .fit(rows);
    double together = bothWays.setBlockSize(256).perplexity(rows.coalesce(1));
    for (int blockSize : new int[] {5, 1}) {
      assertEquals(together, bothWays.setBlockSize(blockSize).perplexity(rows), 1e-5);
    }
  }

  @Test
  void itGoesOnWithASequenceBeyondItsLength() {
    int[] ids = model.generate(new int[] {3, 4}, 20, 0, 1);
    int[] wanted = new int[22];
    Arrays.setAll(wanted, i -> (3 + i) % Counting.IDS);
    assertArrayEquals(wanted, ids);
    assertArrayEquals(new int[] {5}, model.generate(new int[] {5}, 0, 1, 1));
  }

  @Test
  void drawsAreKeyedByTheSeed() {
    int[] hot = model.generate(new int[] {1}, 40, 50, 7);
    assertArrayEquals(hot, model.generate(new int[] {1}, 40, 50, 7));
    assertFalse(Arrays.equals(hot, model.generate(new int[] {1}, 40, 50, 8)));
    assertTrue(Arrays.stream(hot).allMatch(id -> id >= 0 && id < Counting.IDS));
  }

  @Test
  void whatCannotBeGoneOnWithIsRefused() {
    for (double temperature : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThrows(
          IllegalArgumentException.class, () -> model.generate(new int[] {1}, 3, temperature, 1));
    }
    String message =
        assertThrows(IllegalArgumentException.class, () -> model.generate(new int[0], 3, 1, 1))
            .getMessage();
    assertTrue(message.contains("given 0 tokens"), message);
    assertThrows(IllegalArgumentException.class, () -> model.generate(new int[] {1}, -1, 1, 1));
    String unknown =
        assertThrows(IllegalArgumentException.class, () -> model.generate(new int[] {99}, 1, 1, 1))
            .getMessage();
    assertTrue(unknown.contains("is 99, which is not one of the embedding's 7 ids"), unknown);
  }

  @Test
  void scoresThatAreNotFiniteAreRefused() {
    Map<Integer, float[]> weights = new TreeMap<>();
    for (int layer = 0; layer < model.parameters().size(); layer++) {
      weights.put(layer, model.parameters().get(layer).values().clone());
    }
    // Of id 3 alone: 1 in every number, which the next layer's weights take beyond a float.
    Arrays.fill(weights.get(0), 3 * 8, 4 * 8, 3e38f);
    PipelineParallelSequenceModel large =
        new PipelineParallelSequenceModel(
            "large",
            new FittedNetwork(
                new Scorer(model.describe().toWire(), NetworkWeights.inMemory(weights)),
                List.of(),
                null));
    large.setHandleInvalid("skip");
    assertEquals(
        rows.where("not array_contains(features, 3)").count(), large.transform(rows).count());
    large.setHandleInvalid("keep");
    for (Row row : large.transform(rows).collectAsList()) {
      boolean told = row.<Integer>getList(row.fieldIndex("features")).contains(3);
      assertEquals(told, row.isNullAt(row.fieldIndex("prediction")), row::toString);
    }
    large.setHandleInvalid("error");
    String message =
        assertThrows(Exception.class, () -> large.transform(rows).collectAsList()).getMessage();
    assertTrue(
        message.matches("(?s).*Row \\d+ of partition \\d: its scores are not finite \\(.*"),
        message);
    assertTrue(message.contains("weights are too large"), message);
    String generating =
        assertThrows(IllegalStateException.class, () -> large.generate(new int[] {3}, 1, 0, 1))
            .getMessage();
    assertTrue(generating.contains("what follows 1 token are not finite"), generating);
  }

  @Test
  void theNetworkTellsIdsAndLength() {
    assertEquals(Counting.IDS, model.numIds());
    assertEquals(Counting.LENGTH, model.longest());
  }
}
