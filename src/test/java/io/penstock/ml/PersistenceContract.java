package io.penstock.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** What holds for the files that estimators and models are saved in, whatever the estimator. */
abstract class PersistenceContract<
        E extends Estimator<M> & PipelineParallelEstimator<E>,
        M extends Model<M> & PipelineParallelModel<M>>
    extends EstimatorContract<E, M> {
  @Test
  void estimatorAndModelComeBackFromDiskInAnMlPipelineToo() {
    String path = directory.resolve("pipeline").toString();
    Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {estimator()});
    assertDoesNotFail(() -> pipeline.write().overwrite().save(path));
    assertSameWeights(last(Pipeline.load(path).fit(rows())));
    PipelineModel fitted = pipeline.fit(rows());
    assertDoesNotFail(() -> fitted.write().overwrite().save(path));
    List<Row> wanted = answers(model(), rows());
    assertEquals(wanted, answers(PipelineModel.load(path), rows()));
  }

  @SuppressWarnings("unchecked")
  private M last(PipelineModel fitted) {
    return (M) fitted.stages()[fitted.stages().length - 1];
  }

  interface Act {
    void run() throws Exception;
  }

  private static void assertDoesNotFail(Act act) {
    try {
      act.run();
    } catch (Exception thrown) {
      throw new AssertionError(thrown);
    }
  }

  @Test
  void aSavedModelAnswersBitForBit() throws Exception {
    String path = directory.resolve("model").toString();
    model().save(path);
    M loaded = modelReader().load(path);
    assertEquals(model().uid(), loaded.uid());
    assertEquals(model().describe(), loaded.describe());
    assertEquals(
        model().transformSchema(rows().schema()).json(),
        loaded.transformSchema(rows().schema()).json());
    assertSameWeights(loaded);
    assertEquals(answers(model(), rows()), answers(loaded, rows()));
    assertThrows(Exception.class, () -> model().save(path));
    model().write().overwrite().save(path);
    assertEquals(answers(model(), rows()), answers(modelReader().load(path), rows()));
  }

  @Test
  void whatWasNotSavedToItsEndOrByANewerReleaseIsRefused() throws Exception {
    Path path = directory.resolve("cut");
    model().save(path.toString());
    assertRefused(path, estimatorReader(), "Load it with");
    Path format = path.resolve("data/format.json");
    rewrite(format, Files.readString(format).replace("\"version\":1", "\"version\":2"));
    assertRefused(path, modelReader(), "data/format.json", "version 2", "a newer one");
    rewrite(format, "{}");
    assertRefused(path, modelReader(), "data/format.json", "none of Penstock's");
    Files.delete(format);
    assertRefused(path, modelReader(), "data/format.json", "did not come to its end");

    Path estimator = directory.resolve("estimator");
    estimator().save(estimator.toString());
    assertEquals(
        estimator().getMaxIter(), estimatorReader().load(estimator.toString()).getMaxIter());
    assertRefused(estimator, modelReader(), "Load it with");
    Files.delete(estimator.resolve("data/format.json"));
    assertRefused(estimator, estimatorReader(), "data/format.json", "did not come to its end");
  }

  @Test
  void aFailedSaveLeavesNothingThatCanBeLoaded() throws Exception {
    Path path = directory.resolve("full");
    // A directory where the first layer's file is to go.
    String first =
        String.format("data/layer-%04d-", firstWithWeights())
            + model().parameters().get(firstWithWeights()).specs().get(0).name()
            + ".npy";
    Path inTheWay = path.resolve(first);
    Files.createDirectories(inTheWay.resolve("in-the-way"));
    assertThrows(Exception.class, () -> new SavedModel.Writer(model()).saveImpl(path.toString()));
    assertThrows(Exception.class, () -> modelReader().load(path.toString()));
  }

  private int firstWithWeights() {
    int layer = 0;
    while (model().parameters().get(layer).size() == 0) {
      layer++;
    }
    return layer;
  }

  private static void rewrite(Path file, String text) throws Exception {
    Files.writeString(file, text);
    Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
  }

  private static void assertRefused(Path path, MLReader<?> reader, String... fragments) {
    RuntimeException thrown =
        assertThrows(RuntimeException.class, () -> reader.load(path.toString()));
    for (String fragment : fragments) {
      assertTrue(thrown.getMessage().contains(fragment), thrown.getMessage());
    }
  }
}
