package io.penstock.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.checkpoint.NetworkWeights;
import io.penstock.testing.LocalSpark;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Models that are references to their files, for the driver holds next to nothing in memory. */
@Timeout(300)
@LocalSpark(
    slots = 2,
    settings = {"spark.penstock.model.memory=16"})
class LargeModelTest {
  @TempDir Path directory;
  private final Dataset<Row> rows;
  private PipelineParallelClassificationModel model;

  LargeModelTest(SparkSession spark) {
    this.rows = Blobs.rows(spark);
  }

  @BeforeEach
  void fit() {
    model = Blobs.classifier().setNumStages(2).fit(rows);
  }

  private static NetworkWeights weights(PipelineParallelModel<?> model) {
    return model.fittedNetwork().scorer().weights();
  }

  private List<Row> answers(PipelineModel scored) {
    return scored.transform(rows).select("id", "prediction", "probability").collectAsList();
  }

  private List<Row> answers(PipelineParallelClassificationModel scored) {
    return scored.transform(rows).select("id", "prediction", "probability").collectAsList();
  }

  /** Returns a model of the same weights in memory. */
  private PipelineParallelClassificationModel held() {
    NetworkWeights copy = NetworkWeights.inMemory(weights(model).toMap());
    PipelineParallelClassificationModel held =
        new PipelineParallelClassificationModel(
            "held",
            new FittedNetwork(new Scorer(model.describe().toWire(), copy), List.of(), null));
    return model.copyValues(held, ParamMap.empty());
  }

  private static void assertSameWeights(
      PipelineParallelModel<?> wanted, PipelineParallelModel<?> found) {
    assertEquals(weights(wanted).layers(), weights(found).layers());
    weights(wanted)
        .toMap()
        .forEach((layer, own) -> assertArrayEquals(own, weights(found).of(layer)));
  }

  @Test
  void itScoresAsOneInMemoryDoes() {
    assertTrue(weights(model).directory().isPresent());
    assertEquals(answers(held()), answers(model));
    assertEquals(answers(held()), answers(model.copy(ParamMap.empty())));
  }

  @Test
  void itScoresThroughStagesThatReadTheirOwnFiles() throws Exception {
    List<Row> local = answers(model);
    rows.sparkSession().conf().set("spark.penstock.scoring.way", "pipeline");
    try {
      assertEquals(local, answers(model));
      Dataset<Row> scored = model.transform(rows);
      Path file;
      Path data = Path.of(URI.create(weights(model).directory().orElseThrow())).resolve("data");
      try (Stream<Path> files = Files.list(data)) {
        file = files.filter(one -> one.toString().endsWith(".npy")).findFirst().orElseThrow();
      }
      Files.delete(file);
      String refused = assertThrows(Exception.class, scored::collectAsList).getMessage();
      assertTrue(refused.contains(file.getFileName() + " is not there"), refused);
    } finally {
      rows.sparkSession().conf().unset("spark.penstock.scoring.way");
    }
  }

  @Test
  void itIsSavedAndLoadedAsAReferenceToItsFiles() throws Exception {
    String saved = directory.resolve("model").toString();
    model.save(saved);
    PipelineParallelClassificationModel loaded = PipelineParallelClassificationModel.load(saved);
    assertEquals("file:" + saved, weights(loaded).directory().orElseThrow());
    assertSameWeights(model, loaded);
    assertEquals(answers(model), answers(loaded));
    String again = directory.resolve("again").toString();
    loaded.save(again);
    assertEquals(answers(model), answers(PipelineParallelClassificationModel.load(again)));
    assertArrayEquals(held().parameters().get(0).values(), loaded.parameters().get(0).values());
  }

  @Test
  void itIsSavedInAnMlPipelineToo() {
    String saved = directory.resolve("pipeline").toString();
    PipelineModel pipeline =
        new Pipeline()
            .setStages(new PipelineStage[] {Blobs.classifier().setNumStages(2)})
            .fit(rows);
    assertSaves(pipeline, saved);
    assertEquals(answers(pipeline), answers(PipelineModel.load(saved)));
  }

  private static void assertSaves(PipelineModel pipeline, String path) {
    try {
      pipeline.write().overwrite().save(path);
    } catch (Exception thrown) {
      throw new AssertionError(thrown);
    }
  }

  @Test
  void trainingBeginsWithIt() {
    PipelineParallelClassifier further = Blobs.classifier().setNumStages(1);
    assertSameWeights(
        further.setInitialModel(held()).fit(rows),
        further.setNumStages(2).setInitialModel(model).fit(rows));
  }

  @Test
  void itIsNotSavedOverItsOwnFiles() throws Exception {
    String saved = directory.resolve("model").toString();
    model.save(saved);
    PipelineParallelClassificationModel loaded = PipelineParallelClassificationModel.load(saved);
    for (String place : List.of(saved, saved + "/", "file:" + saved, directory.toString())) {
      String told =
          assertThrows(IllegalArgumentException.class, () -> loaded.write().overwrite().save(place))
              .getMessage();
      assertTrue(told.contains("another directory"), told);
    }
    assertSameWeights(model, loaded);
    loaded.save(saved + "-2");
  }

  @Test
  void filesThatAreGoneOrWereReplacedAreNamedByWhoeverReadsThem() throws Exception {
    Path saved = directory.resolve("model");
    model.save(saved.toString());
    PipelineParallelClassificationModel loaded =
        PipelineParallelClassificationModel.load(saved.toString());
    Files.delete(saved.resolve("data/layer-0000-bias.npy"));
    assertRefused("layer-0000-bias.npy is not there", () -> answers(loaded));
    assertRefused("layer-0000-bias.npy is not there", loaded::parameters);
    assertRefused(
        "layer-0000-bias.npy is not there",
        () -> Blobs.classifier().setInitialModel(loaded).fit(rows));
    UncheckedIOException unsaved =
        assertThrows(
            UncheckedIOException.class, () -> loaded.save(directory.resolve("copy").toString()));
    assertTrue(unsaved.getMessage().contains("layer-0000-bias.npy"), unsaved.getMessage());
    Blobs.classifier().setLayers(4, 9, 3).fit(rows).write().overwrite().save(saved.toString());
    assertRefused("is another file by now", () -> answers(loaded));
    assertEquals(4, loaded.numFeatures());
  }

  private static void assertRefused(String fragment, Runnable act) {
    Throwable thrown = assertThrows(Exception.class, act::run);
    StringBuilder told = new StringBuilder();
    for (Throwable one = thrown; one != null; one = one.getCause()) {
      told.append(one.getMessage()).append('\n');
    }
    assertTrue(told.toString().contains(fragment), told.toString());
  }
}
