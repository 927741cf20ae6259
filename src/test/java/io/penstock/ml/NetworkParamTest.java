package io.penstock.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.nn.Shape;
import io.penstock.nn.WeightInit;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.layer.Custom;
import io.penstock.nn.layer.Residual;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.testing.LocalSpark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.param.Param;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** A network of the library's own layers is kept as JSON; one with a custom layer is not kept. */
@Timeout(120)
@LocalSpark(slots = 4)
class NetworkParamTest {
  private static final Custom CUSTOM =
      Custom.of(Shape.of(8), (sd, x) -> sd.math().tanh(x.mmul(sd.getVariable("w"))))
          .with("w", WeightInit.XAVIER.of(8, 8), 8, 8);

  private static SparkSession spark;
  private static Dataset<Row> rows;

  @TempDir Path directory;

  @BeforeAll
  static void start(SparkSession session) {
    spark = session;
    rows = Blobs.rows(spark).cache();
  }

  private static Sequential network() {
    return Sequential.input(4)
        .dense(8, Activation.RELU)
        .layer(CUSTOM)
        .dense(3)
        .loss(Losses.softmaxCrossEntropy())
        .build();
  }

  @Test
  void itsTextIsThatOfTheNetworkAndComesBack() {
    Sequential network = Sequential.perceptron(4, 8, 3);
    PipelineParallelClassifier classifier =
        new PipelineParallelClassifier().setNetwork(network.toJson());
    assertEquals(network, classifier.getNetwork());
    Param<Sequential> param = classifier.network();
    String kept = param.jsonEncode(network);
    assertTrue(kept.startsWith("\"{"), kept);
    assertEquals(network, param.jsonDecode(kept));
  }

  @Test
  void keptTextNeverBecomesSerialisedJava() {
    PipelineParallelClassifier classifier = new PipelineParallelClassifier();
    String wire = network().toWire();
    String kept = new Param<String>("uid", "text", "").jsonEncode(wire);
    assertUnknown(() -> classifier.network().jsonDecode(kept));
    assertUnknown(() -> classifier.setNetwork(wire));
  }

  private static void assertUnknown(Executable reading) {
    String message = assertThrows(IllegalArgumentException.class, reading).getMessage();
    assertTrue(message.contains("unknown type 'custom'"), message);
  }

  @Test
  void aCustomLayerIsTrainedAlikeOnAnyNumberOfStagesAndPredicts() {
    PipelineParallelClassifier classifier =
        Blobs.classifier().setNetwork(network()).setEpochs(20).setLabelSmoothing(0.05);
    PipelineParallelClassificationModel two = classifier.fit(rows);
    Map<Integer, float[]> one =
        classifier.setNumStages(1).fit(rows).training().orElseThrow().weights().toMap();
    one.forEach(
        (layer, values) ->
            assertArrayEquals(values, two.training().orElseThrow().weights().of(layer), 0f));
    assertEquals(64, one.get(2).length);
    long right = two.transform(rows).where("prediction = label").count();
    assertTrue(right > 0.95 * Blobs.ROWS, right + " right");
  }

  @Test
  void savingACustomLayerIsRefusedBeforeAnythingIsWritten() throws Exception {
    Path path = directory.resolve("kept");
    Blobs.classifier().save(path.toString());
    List<Path> before = files(path);
    PipelineParallelClassifier classifier = Blobs.classifier().setNetwork(network()).setEpochs(1);
    PipelineParallelClassificationModel model = classifier.fit(rows);
    assertRefused(() -> classifier.write().overwrite().save(path.toString()));
    assertRefused(() -> model.write().overwrite().save(path.toString()));
    assertEquals(before, files(path));
    Path fresh = directory.resolve("fresh");
    assertRefused(() -> classifier.save(fresh.toString()));
    assertRefused(() -> model.save(fresh.toString()));
    assertFalse(Files.exists(fresh));
  }

  @Test
  void aCustomLayerWithinAnotherIsRefusedToo() {
    Sequential network =
        Sequential.input(8)
            .layer(new Residual(List.of(CUSTOM)))
            .loss(Losses.softmaxCrossEntropy())
            .build();
    PipelineParallelClassifier classifier = new PipelineParallelClassifier().setNetwork(network);
    assertRefused(classifier::write);
    Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {classifier});
    assertRefused(() -> pipeline.save(directory.resolve("pipeline").toString()));
  }

  private static void assertRefused(Executable saving) {
    String message = assertThrows(IllegalArgumentException.class, saving).getMessage();
    assertTrue(message.contains("custom layer") && message.contains("not be saved"), message);
  }

  private static List<Path> files(Path path) throws Exception {
    try (var all = Files.walk(path)) {
      return all.sorted().toList();
    }
  }
}
