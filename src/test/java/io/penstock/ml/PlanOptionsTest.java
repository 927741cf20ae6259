package io.penstock.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.balance.CutConstraints;
import io.penstock.balance.CutSchedule;
import io.penstock.launch.cluster.GpuUse;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.network.SplitOutput;
import io.penstock.train.TrainingPlan;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PlanOptionsTest {
  private static PipelineParallelClassifier classifier() {
    return new PipelineParallelClassifier().setLayers(4, 8, 8, 8, 3).setBatchSize(32);
  }

  private static TrainingPlan plan(PipelineParallelClassifier params) {
    int blocks = params.getOutputBlocks();
    Sequential whole = Sequential.perceptron(4, 8, 8, 8, 3);
    Sequential network = blocks > 1 ? SplitOutput.split(whole, blocks) : whole;
    CutSchedule cut = params.resolvePlan(network, CutConstraints.UNLIMITED);
    ResolvedPlan resolved =
        new ResolvedPlan(
            cut.schedule(),
            1,
            params.getNumReplicas(),
            params.getGradientGroups(),
            cut.cut(),
            Optional.empty(),
            Optional.empty(),
            List.of());
    return new PlanResolution(params, network, GpuUse.AUTO).plan(resolved);
  }

  static Stream<Arguments> taken() {
    return Stream.of(
        Arguments.of(
            "offload: inputs of recomputed stages wait on disk",
            classifier().setRecompute("always").setOffload(true)),
        Arguments.of(
            "shardOptimizer: each layer's optimizer state lies on one of 2 replicas",
            classifier().setNumReplicas(2).setShardOptimizer(true)),
        Arguments.of(
            "shardOptimizer: of no effect with one replica", classifier().setShardOptimizer(true)),
        Arguments.of(
            "gradientGroups: gradients are summed in 2 groups of micro-batches",
            classifier().setGradientGroups(2)),
        Arguments.of(
            "gradientGroups: gradients are summed in 4 groups of micro-batches, then over them, a"
                + " group a replica",
            classifier().setNumReplicas(4)),
        Arguments.of("linkPrecision: bfloat16", classifier().setLinkPrecision("bfloat16")),
        Arguments.of("computePrecision: tf32", classifier().setComputePrecision("tf32")),
        Arguments.of(
            "outputBlocks: output projection in 3 blocks of columns",
            classifier().setOutputBlocks(3)),
        Arguments.of("onBadNumbers: skip", classifier().setOnBadNumbers("skip")));
  }

  @ParameterizedTest
  @MethodSource("taken")
  void whatIsTakenIsToldUnderItsName(String words, PipelineParallelClassifier params) {
    List<String> lines = new PlanOptions(plan(params)).lines();
    assertEquals(1, lines.stream().filter(line -> line.startsWith(words)).count(), lines::toString);
    String told = new PlanText(plan(params)).toString();
    assertTrue(lines.stream().allMatch(line -> told.contains("\n" + line + "\n")), told);
  }

  @Test
  void ofDefaultsNothingIsTold() {
    assertEquals(List.of(), new PlanOptions(plan(classifier())).lines());
  }
}
