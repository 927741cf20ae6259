package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.array.NativeArrays;
import io.penstock.balance.LayerCosts;
import io.penstock.balance.Partitioner;
import io.penstock.link.LinkPrecision;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.generate.Schedules;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.bytedeco.javacpp.IntPointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Activations and gradients that cross a cut in 16 bits. */
@Timeout(120)
class NarrowLinksTest {
  private static final int ROWS = 64;

  /** A skip over a cut, and a last batch that is short. */
  private static final Sequential NETWORK =
      Sequential.input(12)
          .save("x")
          .dense(32, Activation.TANH)
          .dense(12, Activation.TANH)
          .addSaved("x")
          .dense(16, Activation.TANH)
          .dense(3)
          .loss(Losses.softmaxCrossEntropy())
          .build();

  private final LocalPipeline pipeline = pipeline();

  private static LocalPipeline pipeline() {
    Nd4j.getRandom().setSeed(5);
    INDArray features = Nd4j.randn(DataType.FLOAT, ROWS, 12);
    INDArray labels = Nd4j.create(DataType.FLOAT, ROWS, 1);
    for (int row = 0; row < ROWS; row++) {
      labels.putScalar(row, 0, Math.floorMod(Math.round(features.getFloat(row, 0) * 2), 3));
    }
    return new LocalPipeline(NETWORK, features, labels);
  }

  private static TrainingPlan plan(String schedule, int stages, LinkPrecision precision) {
    return new TrainingPlan(
            NETWORK.toWire(),
            Updater.sgd(0.05).toJson(),
            Partitioner.partition(LayerCosts.flops(NETWORK), stages).starts(),
            TrainingPlan.lowerAndVerify(Schedules.generate(schedule, stages, 4)),
            24,
            5,
            7)
        .withLinkPrecision(precision);
  }

  private static long bytes(List<RankResult> ranks) {
    return ranks.stream().mapToLong(rank -> rank.traffic().bytesSent()).sum();
  }

  @ParameterizedTest
  @EnumSource(names = {"BFLOAT16", "FLOAT16"})
  void linksCarryHalfAsMuchAndLearnNearlyTheSame(LinkPrecision precision) throws Exception {
    List<RankResult> exact = pipeline.run(plan("1f1b", 3, LinkPrecision.FLOAT32));
    List<RankResult> narrow = pipeline.run(plan("1f1b", 3, precision));
    assertEquals(bytes(exact), 2 * bytes(narrow));
    double[] wanted = LocalPipeline.losses(exact);
    double[] found = LocalPipeline.losses(narrow);
    assertFalse(Arrays.equals(wanted, found), "rounding leaves a trace");
    // Each number that crosses is off by 2^-8 of itself at most, or 2^-11.
    double most = precision == LinkPrecision.BFLOAT16 ? 1.0 / 256 : 1.0 / 2048;
    for (int step = 0; step < wanted.length; step++) {
      assertEquals(wanted[step], found[step], 2 * most * wanted[step], "loss of step " + step);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"BFLOAT16", "FLOAT16"})
  void theScheduleMakesNoDifference(LinkPrecision precision) throws Exception {
    List<RankResult> one = pipeline.run(plan("gpipe", 3, precision));
    List<RankResult> other = pipeline.run(plan("zb-h1", 3, precision));
    assertArrayEquals(LocalPipeline.losses(one), LocalPipeline.losses(other));
    LocalPipeline.assertSameWeights(one, other, precision.id());
  }

  @Test
  void oneStageIsLeftAsItIs() throws Exception {
    Map<Integer, float[]> exact =
        LocalPipeline.weights(pipeline.run(plan("1f1b", 1, LinkPrecision.FLOAT32)));
    Map<Integer, float[]> narrow =
        LocalPipeline.weights(pipeline.run(plan("1f1b", 1, LinkPrecision.BFLOAT16)));
    assertTrue(exact.keySet().equals(narrow.keySet()) && !exact.isEmpty());
    exact.forEach((layer, weights) -> assertArrayEquals(weights, narrow.get(layer), 0f));
  }

  /**
   * Where a run ends for a NaN that only a skip over the cut carries: what comes out of its stage
   * is 0.
   *
   * @return micro-batch, order and layer
   */
  private static List<Integer> divergedBy(int bits, LinkPrecision precision) {
    Through.Work same = (array, memory) -> memory.copy(array);
    Through none =
        new Through(
            (input, memory) -> {
              INDArray output = memory.copy(input);
              new IntPointer(output.data().pointer()).put(output.offset() + 5, bits);
              return output;
            },
            same);
    Through zeros =
        new Through(
            (input, memory) -> {
              INDArray output = memory.copy(input);
              NativeArrays.clear(output);
              return output;
            },
            same);
    Sequential network =
        Sequential.input(12)
            .layer(none)
            .save("x")
            .layer(zeros)
            .dense(12, Activation.TANH)
            .addSaved("x")
            .dense(3)
            .loss(Losses.softmaxCrossEntropy())
            .build();
    TrainingPlan plan =
        new TrainingPlan(
                "",
                Updater.sgd(0.05).toJson(),
                List.of(0, 2),
                TrainingPlan.lowerAndVerify(Schedules.generate("1f1b", 2, 4)),
                24,
                1,
                7)
            .withLinkPrecision(precision);
    ExecutionException failed =
        assertThrows(
            ExecutionException.class,
            () -> LocalPipeline.ofClasses(network, 24, 12, 3, 1).run(plan));
    BadNumber bad = assertInstanceOf(DivergedException.class, failed.getCause()).found();
    return List.of(bad.microBatch(), bad.order(), bad.layer());
  }

  @ParameterizedTest
  @ValueSource(ints = {0x7FFFFFFF, 0x7FC00000, 0x7F800001, 0xFFFFFFFF, 0xFFC00000, 0xFF800001})
  void whatIsNotANumberEndsTheRunWhereItDoesWithAllBits(int bits) {
    List<Integer> exact = divergedBy(bits, LinkPrecision.FLOAT32);
    assertEquals(exact, divergedBy(bits, LinkPrecision.BFLOAT16));
    assertEquals(exact, divergedBy(bits, LinkPrecision.FLOAT16));
  }
}
