package io.penstock.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.balance.RecomputePolicy;
import io.penstock.bench.Configuration.CutBy;
import io.penstock.link.LinkPrecision;
import io.penstock.schedule.ActionKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

class AimsTest {
  /** Of no arithmetic at all, so that the limit is far above all aims. */
  private static final ProductLibrary NOTHING =
      new ProductLibrary() {
        @Override
        public String name() {
          return "nothing";
        }

        @Override
        public String kernel() {
          return "none";
        }

        @Override
        public void multiply(INDArray a, INDArray b, INDArray c) {}
      };

  private static Configuration of(int stages, int microBatches) {
    return new Configuration(
        stages,
        "1f1b",
        OptionalInt.of(microBatches),
        CutBy.COST,
        RecomputePolicy.NEVER,
        LinkPrecision.FLOAT32);
  }

  private static List<Measurement> reached(double rowsPerSecond, double heapBytesPerStep) {
    return List.of(
        new Measurement(
            0,
            rowsPerSecond,
            0,
            0,
            0,
            0,
            0,
            Map.of(),
            0,
            0,
            OptionalDouble.empty(),
            heapBytesPerStep,
            0,
            0,
            0,
            Optional.empty()));
  }

  private static Measurement chosen(String plan, Map<ActionKind, Double> kinds) {
    return new Measurement(
        0, 10, 0, 0, 0, 0, 0, kinds, 0, 0, OptionalDouble.empty(), 0, 0, 0, 0, Optional.of(plan));
  }

  @Test
  void roundsInWhichAutoChoseOtherPlansAreToldTogether() throws Exception {
    Configuration auto =
        new Configuration(
            2,
            "auto",
            OptionalInt.empty(),
            CutBy.COST,
            RecomputePolicy.NEVER,
            LinkPrecision.FLOAT32);
    List<Measurement> measured =
        List.of(
            chosen(
                "zb-h1,4_micro-batches",
                Map.of(ActionKind.F, 1.0, ActionKind.I, 2.0, ActionKind.W, 3.0)),
            chosen("1f1b,4_micro-batches", Map.of(ActionKind.F, 3.0, ActionKind.B, 5.0)));
    Report report = report("small", "processes", Map.of(auto, measured), Map.of());
    String line = report.lines().get(1).toString();
    assertTrue(line.contains("chosen=zb-h1,4_micro-batches|1f1b,4_micro-batches "), line);
    assertTrue(line.contains(" F_ms=2.0000 B_ms=5.0000 I_ms=2.0000 W_ms=3.0000 "), line);
  }

  private static Report report(
      String work,
      String executors,
      Map<Configuration, List<Measurement>> runs,
      Map<Peer, List<Peer.Run>> peers)
      throws Exception {
    GemmLimit limit = new GemmLimit(List.of(NOTHING), 1024, new long[] {8, 8, 8}, List.of(1, 2));
    limit.measure();
    return new Report(
        Work.named(work),
        executors,
        "this",
        limit,
        List.copyOf(runs.keySet()),
        runs,
        Map.of(),
        peers);
  }

  private static List<String> lines(
      String work, String executors, Map<Configuration, List<Measurement>> runs, double... peers)
      throws Exception {
    Map<Peer, List<Peer.Run>> peerRuns = new LinkedHashMap<>();
    for (int i = 0; i < peers.length; i++) {
      peerRuns.put(Torch.peers().get(i), List.of(new Peer.Run(peers[i], "blas")));
    }
    return new Aims(report(work, executors, runs, peerRuns))
        .lines().stream()
            .map(Object::toString)
            .map(line -> line.replaceAll("RESULT work=\\S+ aim=(\\S+) .* met=(\\S+) .*", "$1 $2"))
            .toList();
  }

  @Test
  void everyAimOfAWorkIsHeldToWhatRanBesideIt() throws Exception {
    assertEquals(
        List.of(
            "one_stage_over_pytorch yes",
            "two_processes_over_pytorch_pipeline no",
            "two_processes_over_pytorch yes",
            "heap_bytes_per_step yes"),
        lines(
            "W2",
            "processes",
            Map.of(of(1, 8), reached(30, 100), of(2, 8), reached(50, 10_240)),
            30,
            50,
            40,
            42));
  }

  @Test
  void theSmallWorkIsToReachHalf() throws Exception {
    assertEquals(
        List.of("one_stage_over_pytorch yes", "heap_bytes_per_step no"),
        lines("W0", "processes", Map.of(of(1, 8), reached(500, 10_241)), 1000));
    assertEquals(
        List.of("one_stage_over_pytorch no", "heap_bytes_per_step yes"),
        lines("W0", "processes", Map.of(of(1, 8), reached(499, 0)), 1000));
  }

  @Test
  void oneMicroBatchIsNotToBeSlowerThanEight() throws Exception {
    assertEquals(
        List.of("one_micro_batch_over_eight no", "heap_bytes_per_step yes"),
        lines("W3", "threads", Map.of(of(1, 8), reached(10, 0), of(1, 1), reached(9, 0))));
  }

  @Test
  void theLimitIsHeldAgainstWithoutAnyPeer() throws Exception {
    assertEquals(
        List.of("one_stage_over_limit no", "heap_bytes_per_step yes"),
        lines("W1", "processes", Map.of(of(1, 8), reached(1, 0))));
  }

  @Test
  void threadsAreNotProcessesAndOtherWorkHasNoAims() throws Exception {
    Map<Configuration, List<Measurement>> two = Map.of(of(2, 8), reached(50, 0));
    assertEquals(List.of("heap_bytes_per_step yes"), lines("W2", "threads", two, 1, 1, 1));
    assertEquals(List.of(), lines("small", "processes", two));
  }

  private static Measurement step(double meanMillis) {
    return new Measurement(
        0,
        10,
        0,
        0,
        0,
        meanMillis,
        0,
        Map.of(),
        0,
        0,
        OptionalDouble.empty(),
        0,
        0,
        0,
        0,
        Optional.empty());
  }

  @Test
  void theCostOfCheckpointsIsTheMedianOfRounds() throws Exception {
    Configuration without = of(2, 4);
    Configuration with = without.withCheckpoints(20);
    Map<Configuration, List<Measurement>> runs =
        Map.of(
            without,
            List.of(step(10), step(20), step(40)),
            with,
            List.of(step(10.1), step(20.4), step(80)));
    Report report = report("small", "processes", runs, Map.of());
    List<String> costs =
        report.lines().stream()
            .map(Object::toString)
            .filter(line -> line.contains("checkpoint_cost"))
            .toList();
    assertEquals(1, costs.size());
    assertTrue(costs.get(0).contains("checkpoint_steps=20"), costs.get(0));
    assertTrue(costs.get(0).contains("checkpoint_cost=0.0200"), costs.get(0));
  }
}
