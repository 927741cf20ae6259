package io.penstock.ml;

import static org.apache.spark.sql.functions.expr;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.testing.LocalSpark;
import java.net.URI;
import java.nio.file.Path;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(120)
@LocalSpark(slots = 4)
class PipelineParallelSequenceLearnerTest {
  private static SparkSession spark;
  private static Dataset<Row> rows;

  @TempDir Path directory;

  @BeforeAll
  static void start(SparkSession session) {
    spark = session;
    rows =
        Counting.rows(spark)
            .withColumn(
                "next",
                expr(
                    "transform(features, (x, i) -> if(i + 1 < size(features), features[i + 1],"
                        + " -1))"))
            .withColumn("odd", expr("transform(features, x -> if(x = 3, -100, x % 2))"))
            .withColumn("text", expr("'a b'"))
            .cache();
  }

  private static Map<Integer, float[]> weights(PipelineParallelSequenceLearner learner) {
    return learner.fit(rows).training().orElseThrow().weights().toMap();
  }

  private static void assertSame(Map<Integer, float[]> wanted, Map<Integer, float[]> weights) {
    assertEquals(wanted.keySet(), weights.keySet());
    wanted.forEach((layer, values) -> assertArrayEquals(values, weights.get(layer)));
  }

  @Test
  void withoutLabelsTheNextTokenIsLearnt() {
    Map<Integer, float[]> wanted = weights(Counting.learner().setLabelCol("next"));
    assertSame(wanted, weights(Counting.learner()));
    assertSame(wanted, weights(Counting.learner().setNumStages(1)));
  }

  @Test
  void thePlanMayBeChosenFromAProfile() {
    PipelineParallelSequenceLearner learner = Counting.learner().setNumMicroBatches(4);
    assertSame(weights(learner), weights(learner.setSchedule("auto")));
  }

  @Test
  void aCheckpointHoldsTiedWeightsOnce() throws Exception {
    Sequential tied =
        Sequential.input(Counting.LENGTH)
            .embedding(Counting.IDS, 8)
            .layerNorm()
            .tiedDense(0, Counting.IDS)
            .loss(Losses.softmaxCrossEntropy())
            .build();
    spark.sparkContext().setCheckpointDir(directory.toUri().toString());
    PipelineParallelSequenceModel model =
        Counting.learner().setNetwork(tied).setMaxIter(3).setCheckpointInterval(3).fit(rows);
    Path run =
        Path.of(URI.create(spark.sparkContext().getCheckpointDir().get()))
            .toFile()
            .listFiles()[0]
            .toPath();
    PipelineParallelSequenceModel loaded =
        PipelineParallelSequenceModel.load(run.toFile().listFiles()[0].toString());
    for (int layer = 0; layer < 3; layer++) {
      assertArrayEquals(
          model.parameters().get(layer).values(), loaded.parameters().get(layer).values());
    }
  }

  @Test
  void tokensMayBeOfAnyWholeType() {
    Map<Integer, float[]> wanted = weights(Counting.learner());
    for (String type : List.of("bigint", "smallint")) {
      Dataset<Row> cast =
          rows.withColumn("features", expr("cast(features as array<" + type + ">)"));
      assertSame(wanted, Counting.learner().fit(cast).training().orElseThrow().weights().toMap());
    }
  }

  /** So that every micro-batch is padded to less than the network's length. */
  @Test
  void sequencesMayAllBeShorterThanTheNetworksOnAnyNumberOfStages() {
    Sequential longer =
        Sequential.input(2 * Counting.LENGTH)
            .embedding(Counting.IDS, 8)
            .positions(2 * Counting.LENGTH)
            .transformerBlock(2, 16, true, 0)
            .dense(Counting.IDS)
            .loss(Losses.softmaxCrossEntropy())
            .build();
    Map<Integer, float[]> one = weights(Counting.learner().setNetwork(longer).setNumStages(1));
    assertSame(one, weights(Counting.learner().setNetwork(longer).setNumStages(3)));
  }

  @Test
  void tokensMayHaveLabelsOfTheirOwn() {
    Sequential tagger =
        Sequential.input(Counting.LENGTH)
            .embedding(Counting.IDS, 8)
            .dense(2)
            .loss(Losses.softmaxCrossEntropy())
            .build();
    PipelineParallelSequenceModel model =
        Counting.learner().setNetwork(tagger).setLabelCol("odd").setMaxIter(30).fit(rows);
    for (Row row : model.transform(rows.drop("odd")).collectAsList()) {
      List<Integer> tokens = row.getList(row.fieldIndex("features"));
      List<Integer> tags = row.getList(row.fieldIndex("prediction"));
      assertEquals(tokens.size(), tags.size());
      for (int i = 0; i < tokens.size(); i++) {
        if (tokens.get(i) != 3) {
          assertEquals(tokens.get(i) % 2, tags.get(i));
        }
      }
    }
  }

  @Test
  void attentionIsLearntAlikeOnAnyNumberOfStages() {
    Sequential gpt = Counting.gpt(0).loss(Losses.softmaxCrossEntropy()).build();
    PipelineParallelSequenceLearner learner =
        Counting.learner().setNetwork(gpt).setLabelSmoothing(0.05).setSchedule("zb-h1");
    assertSame(weights(learner.setNumStages(1)), weights(learner.setNumStages(3)));
  }

  static List<Arguments> mistakes() {
    return List.of(
        bad("No network: set one that takes token ids", it -> it.clear(it.network())),
        bad("there is no feature column 'f'", it -> it.setFeaturesCol("f")),
        bad(
            "'text' is of type string, but sequences are array<int>",
            it -> it.setFeaturesCol("text")),
        bad("there is no label column 'y'", it -> it.setLabelCol("y")),
        bad("'id' is of type bigint, but the labels of a sequence", it -> it.setLabelCol("id")),
        bad("'features' is both a feature and the label", it -> it.setLabelCol("features")),
        bad("'odd' exists already", it -> it.setPredictionCol("odd")),
        bad("'odd' exists already", it -> it.setPerplexityCol("odd")),
        bad("numStages is 4, but the network has 2 layers", it -> it.setNumStages(4)),
        bad(
            "ids where 3 are the most",
            it -> it.setNetwork(network(3, Counting.IDS, Counting.IDS))),
        bad("is not one of the embedding's 5", it -> it.setNetwork(network(6, 5, Counting.IDS))),
        bad("it must be below 5", it -> it.setNetwork(network(6, Counting.IDS, 5))),
        bad(
            "rows of shape [6] into rows of shape [3]",
            it -> it.setNetwork(Sequential.perceptron(6, 3))),
        bad(
            "loss is squaredError; ids need softmax",
            it -> it.setNetwork(Sequential.input(6).dense(6).loss(Losses.squaredError()).build())));
  }

  private static Sequential network(int length, int vocabulary, int ids) {
    return Sequential.input(length)
        .embedding(vocabulary, 8)
        .dense(ids)
        .loss(Losses.softmaxCrossEntropy())
        .build();
  }

  private static Arguments bad(String message, Consumer<PipelineParallelSequenceLearner> set) {
    return Arguments.of(message, set);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mistakes")
  void aMistakeIsToldWithWhatToDo(String message, Consumer<PipelineParallelSequenceLearner> set) {
    RuntimeException thrown =
        assertThrows(
            RuntimeException.class,
            () -> {
              PipelineParallelSequenceLearner learner = Counting.learner();
              set.accept(learner);
              learner.fit(rows);
            });
    assertTrue(thrown.getMessage().contains(message), thrown.getMessage());
  }
}
