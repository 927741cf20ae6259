package io.penstock.launch.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.device.Backend;
import io.penstock.device.Capability;
import io.penstock.device.Device;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RankArithmeticTest {
  private static RankArithmetic of(String line, String kind) {
    return new RankArithmetic("computes with " + line, kind, kind);
  }

  private static Optional<String> difference(List<RankArithmetic> ranks) {
    return RankArithmetic.difference(List.of(), ranks);
  }

  @Test
  void oneKindComputesAlikeWhateverItIsCalled() {
    assertEquals(
        Optional.empty(), difference(List.of(of("a chip", "avx2"), of("another chip", "avx2"))));
    assertEquals(Optional.empty(), difference(List.of(of("a chip", "avx2"))));
  }

  @Test
  void severalKindsAreToldWithTheirRanksAndWhatToDo() {
    String told =
        difference(List.of(of("x", "avx512"), of("y", "avx2"), of("z", "avx512"))).orElseThrow();
    assertTrue(told.contains("depend on where the network is cut"), told);
    assertTrue(told.contains("ranks 0, 2 has avx512; rank 1 has avx2."), told);
    assertTrue(told.contains("--conf spark.penstock.compute.isa=avx2"), told);
  }

  @Test
  void whoGoesOnFromOtherKindsIsTold() {
    List<RankArithmetic> ranks = List.of(of("x", "avx2"), of("y", "avx2"));
    assertEquals(Optional.empty(), RankArithmetic.difference(List.of("avx2"), ranks));
    String told = RankArithmetic.difference(List.of("avx512", "avx2"), ranks).orElseThrow();
    assertTrue(told.startsWith("the ranks do not compute as those whose checkpoint"), told);
    assertTrue(told.contains("those had avx512; or avx2; these have avx2. --conf"), told);
    List<RankArithmetic> unlike = List.of(of("x", "avx2"), of("y", "sse"));
    String both = RankArithmetic.difference(List.of("avx2"), unlike).orElseThrow();
    assertTrue(both.contains("rank 0 has avx2; rank 1 has sse; and the ranks do not"), both);
  }

  private static Device gpu(String address) {
    return new Device(address, 0, "NVIDIA A10", Capability.parse("8.6"), 24L << 30, Backend.CUDA);
  }

  @Test
  void aGpuComputesAsItsCapabilityDoes() {
    String way = "through CUDA's driver, cuBLASLt 130101 in float32";
    RankArithmetic rank = RankArithmetic.on(gpu("1"), way);
    assertEquals("computes with GPU 1, NVIDIA A10 of compute capability 8.6 " + way, rank.line());
    assertTrue(difference(List.of(rank, of("x", "avx2"))).isPresent());
    assertEquals(
        Optional.empty(), difference(List.of(rank, RankArithmetic.on(gpu("GPU-2c1e"), way))));
    RankArithmetic byNd4j = RankArithmetic.on(gpu("2"), "by ND4J");
    assertTrue(difference(List.of(rank, byNd4j)).isPresent(), "other kernels");
  }

  @Test
  void whatAllHaveIsSaidOnce() {
    assertEquals("computes", RankArithmetic.words(List.of("computes", "computes")));
    assertEquals("ranks 0, 2 a; rank 1 b", RankArithmetic.words(List.of("a", "b", "a")));
    assertEquals("", RankArithmetic.words(List.of()));
  }
}
