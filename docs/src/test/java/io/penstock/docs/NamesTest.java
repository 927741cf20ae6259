package io.penstock.docs;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
  private static final Names NAMES =
      new Names(Sources.of(Repository.OWN), Set.of("SparkListener", "ResourceProfile"));

  private static List<String> complaints(String name) {
    return NAMES.complaints(Bad.page("# Title\n\nSee `" + name + "`.\n").spans().get(0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "io.penstock.schedule",
        "io.penstock.ml.PipelineParallelClassifier",
        "META-INF/services/io.penstock.ml.PipelineParallelClassifier",
        "io.penstock.ml.PipelineParallelClassifier.setNumStages(2)",
        "ml.PipelineParallelClassifier",
        "nn.layer",
        "compute.plain",
        "PipelineParallelClassifier.setNumStages(2)",
        "PipelineParallelClassifier.fit",
        "setNumStages(0).setSchedule(\"auto\")",
        "explainParams()",
        "NamesTest",
        "SparkListener",
        "SparkListener.onOtherEvent()",
        "train.ipynb",
        "feed.csv",
        "App.java",
        "AdamW",
        "Adam",
        "1F1B",
        "spark.task.cpus",
        "io.penstock:penstock-spark:0.1.0-SNAPSHOT",
      })
  void whatThereIsMayBeNamed(String name) {
    Bad.assertNone(complaints(name));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "io.penstock.schedules",
        "io.penstock.ml.PipelineParallelClusterer",
        "META-INF/services/io.penstock.ml.Pipelines",
        "io.penstock.ml.PipelineParallelClassifier.setNumStagse(2)",
        "ml.PipelineParallelClusterer",
        "nn.layers",
        "compute.plane",
        "PipelineParallelClassifier.setNumStagse(2)",
        "PipelineParallelClassifier.fits",
        "setNumStagse(0)",
        "NoSuchTest",
        "SparksListener",
        "SparksListener.onOtherEvent()",
      })
  void whatIsGoneIsRefusedWithItsPlace(String name) {
    Bad.assertComplaint(3, "", complaints(name).subList(0, 1));
  }

  @Test
  void whereATypeMovedItsNewPlaceIsSaid() {
    Bad.assertComplaint(
        3,
        "there is [io.penstock.ml.PipelineParallelClassifier]",
        complaints("io.penstock.nn.PipelineParallelClassifier"));
  }
}
