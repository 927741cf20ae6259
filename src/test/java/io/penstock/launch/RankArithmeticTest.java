package io.penstock.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RankArithmeticTest {
  private static RankArithmetic of(String line, String kind) {
    return new RankArithmetic("computes with " + line, kind);
  }

  @Test
  void oneKindComputesAlikeWhateverItIsCalled() {
    assertEquals(
        Optional.empty(),
        RankArithmetic.difference(List.of(of("a chip", "avx2"), of("another chip", "avx2"))));
    assertEquals(Optional.empty(), RankArithmetic.difference(List.of(of("a chip", "avx2"))));
  }

  @Test
  void severalKindsAreToldWithTheirRanksAndWhatToDo() {
    String told =
        RankArithmetic.difference(List.of(of("x", "avx512"), of("y", "avx2"), of("z", "avx512")))
            .orElseThrow();
    assertTrue(told.contains("depend on where the network is cut"), told);
    assertTrue(told.contains("ranks 0, 2 has avx512; rank 1 has avx2."), told);
    assertTrue(told.contains("--conf spark.penstock.compute.isa=avx2"), told);
  }

  @Test
  void whatAllHaveIsSaidOnce() {
    assertEquals("computes", RankArithmetic.words(List.of("computes", "computes")));
    assertEquals("ranks 0, 2 a; rank 1 b", RankArithmetic.words(List.of("a", "b", "a")));
    assertEquals("", RankArithmetic.words(List.of()));
  }
}
