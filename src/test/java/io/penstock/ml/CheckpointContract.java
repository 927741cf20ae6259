package io.penstock.ml;

import static org.apache.spark.sql.functions.expr;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.checkpoint.RunManifest;
import io.penstock.launch.job.TrainingFailedException;
import io.penstock.nn.Parameters;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.Model;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a fit leaves on its way, whatever the estimator. */
abstract class CheckpointContract<
        E extends Estimator<M> & PipelineParallelEstimator<E>,
        M extends Model<M> & PipelineParallelModel<M>>
    extends ValidationContract<E, M> {
  private Path checkpoints;

  /** Spark makes a directory of its own in the one that is set. */
  @BeforeEach
  void newCheckpointDirectory() {
    spark().sparkContext().setCheckpointDir(directory.resolve("checkpoints").toUri().toString());
    checkpoints = Path.of(URI.create(spark().sparkContext().getCheckpointDir().get()));
  }

  @BeforeEach
  void failAgain() {
    FailingEpoch.mend(false);
  }

  private E checkpointed() {
    return estimator().setMaxIter(4).setCheckpointInterval(2).setNumCheckpoints(1);
  }

  private static List<Path> in(Path directory) throws IOException {
    try (Stream<Path> found = Files.list(directory)) {
      return found.toList();
    }
  }

  /** The one checkpoint of the one run there was, which is that of this epoch. */
  private Path only(int epoch) throws IOException {
    List<Path> runs = in(checkpoints);
    assertEquals(1, runs.size(), runs.toString());
    assertTrue(runs.get(0).getFileName().toString().startsWith("penstock-"), runs.toString());
    List<Path> left = in(runs.get(0));
    assertEquals(1, left.size(), left.toString());
    RunManifest manifest =
        RunManifest.read(left.get(0).toUri().toString(), new Configuration(false)).orElseThrow();
    assertEquals(epoch, manifest.state().epoch());
    return left.get(0);
  }

  private static void assertSameWeights(
      PipelineParallelModel<?> wanted, PipelineParallelModel<?> found) {
    List<Parameters> weights = wanted.parameters();
    assertEquals(weights.size(), found.parameters().size());
    for (int layer = 0; layer < weights.size(); layer++) {
      assertArrayEquals(weights.get(layer).values(), found.parameters().get(layer).values());
    }
  }

  @Test
  void theNewestCheckpointIsTheModelOfItsEpoch() throws Exception {
    M model = checkpointed().fit(rows());
    Path checkpoint = only(4);
    M loaded = modelReader().load(checkpoint.toString());
    assertSameWeights(model, loaded);
    assertEquals(model.describe().toJson(), loaded.describe().toJson());
    assertEquals(answers(model, rows()), answers(loaded, rows()));
    assertNotEquals(model.uid(), loaded.uid());
    assertEquals(2, loaded.getCheckpointInterval(), "it has the params of its estimator");
    assertSameWeights(estimator().setMaxIter(4).fit(rows()), model);
  }

  @Test
  void checkpointsThatNobodyWantsAreNotLeft() throws Exception {
    checkpointed().setKeepLastCheckpoint(false).fit(rows());
    assertEquals(List.of(), in(checkpoints));
    checkpointed().setCheckpointInterval(5).fit(rows());
    assertEquals(List.of(), in(checkpoints), "no epoch was the fifth");
    estimator().fit(rows());
    assertEquals(List.of(), in(checkpoints), "none by default");
  }

  @Test
  void aCheckpointOfAFitThatFailsIsLoadedAndBegunWithOnAnotherNumberOfStages() throws Exception {
    E failing = checkpointed().setKeepLastCheckpoint(false).setUpdater(new FailingEpoch(2));
    String told =
        assertThrows(TrainingFailedException.class, () -> failing.fit(rows())).getMessage();
    Path checkpoint = only(2);
    assertTrue(told.contains("failed: "), told);
    assertTrue(told.contains("The weights after step "), told);
    assertTrue(told.contains(checkpoint.toString()), told);
    M loaded = modelReader().load(checkpoint.toString());
    assertSameWeights(
        estimator().setMaxIter(2).setUpdater(new FailingEpoch(9)).fit(rows()), loaded);
    E next = estimator().setInitialModel(loaded);
    assertSameWeights(next.fit(rows()), next.setNumStages(1).fit(rows()));
  }

  @Test
  void aCheckpointHasTheWeightsOfItsEpochAndNotTheBest() throws Exception {
    Dataset<Row> held = rows().withColumn("held", expr("id % 4 = 0"));
    M best =
        checkpointed()
            .setValidationIndicatorCol("held")
            .setPatience(1)
            .setTol(100)
            .setMaxIter(40)
            .fit(held);
    assertEquals(0, best.summary().bestEpoch().orElseThrow());
    M loaded = modelReader().load(only(2).toString());
    E two = estimator().setMaxIter(2).setNumStages(1);
    assertSameWeights(two.fit(held.where("not held")), loaded);
  }

  @Test
  void aFitWithTheSameDirectoryGoesOnWhereAnotherWasLeft() throws Exception {
    String own = directory.resolve("own").toUri().toString();
    E failing = estimator().setMaxIter(4).setCheckpointDir(own).setUpdater(new FailingEpoch(2));
    String told =
        assertThrows(TrainingFailedException.class, () -> failing.fit(rows())).getMessage();
    assertTrue(told.contains("fit again with the same checkpoint directory"), told);
    FailingEpoch.mend(true);
    M undisturbed = estimator().setMaxIter(4).setUpdater(new FailingEpoch(2)).fit(rows());
    M wentOn = failing.setNumStages(1).fit(rows());
    assertSameWeights(undisturbed, wentOn);
    String refused =
        assertThrows(IllegalArgumentException.class, () -> failing.setSeed(99).fit(rows()))
            .getMessage();
    assertTrue(refused.contains("It differs in seed: "), refused);
    FailingEpoch.mend(false);
  }
}
