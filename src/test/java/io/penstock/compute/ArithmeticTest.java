package io.penstock.compute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.device.InstructionSet;
import io.penstock.device.Processor;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ArithmeticTest {
  private static Arithmetic of(InstructionSet best, String caches, int threads, String name) {
    return new Arithmetic(
        new Processor(name, best, caches),
        Optional.of("3.11.0 avx2"),
        Optional.of("0.3.31 Haswell"),
        threads,
        "by the processor's class");
  }

  private static Arithmetic usual(InstructionSet best) {
    return of(best, "32/1024/4096", 1, "a chip");
  }

  @Test
  void theLineNamesProcessorLibrariesThreadsAndOrigin() {
    assertEquals(
        "computes with a chip (avx2), oneDNN 3.11.0 avx2, OpenBLAS 0.3.31 Haswell, 1 thread,"
            + " kernels chosen by the processor's class",
        usual(InstructionSet.AVX2).line());
    Arithmetic bare =
        new Arithmetic(
            new Processor("a chip", InstructionSet.OTHER, ""),
            Optional.empty(),
            Optional.empty(),
            2,
            "by the libraries");
    assertEquals(
        "computes with a chip, no oneDNN, a BLAS that does not tell its kernels, 2 threads, kernels"
            + " chosen by the libraries",
        bare.line());
  }

  @Test
  void oneKindIsWhatKernelsCachesAndThreadsMake() {
    String kind = usual(InstructionSet.AVX2).kind();
    // A newer processor that is held to the same kernels computes alike.
    assertEquals(kind, of(InstructionSet.AVX512, "32/1024/4096", 1, "another chip").kind());
    assertNotEquals(kind, of(InstructionSet.AVX2, "48/2048/4096", 1, "a chip").kind());
    assertNotEquals(kind, of(InstructionSet.AVX2, "32/1024/4096", 2, "a chip").kind());
  }

  @Test
  void anInstructionSetOfOneDnnsThatIsSlowForTheProcessorIsTold() {
    for (String set : new String[] {"sse41", "avx"}) {
      String told = ofOneDnn(InstructionSet.AVX512, set).complaint().orElseThrow();
      assertTrue(told.contains("oneDNN keeps to " + set + " on a chip (avx512)"), told);
      assertTrue(told.contains("Unset ONEDNN_MAX_CPU_ISA"), told);
      assertEquals(Optional.empty(), ofOneDnn(InstructionSet.OTHER, set).complaint());
    }
    for (String set : new String[] {"avx2", "avx2_vnni", "avx512_core", "avx512_core_amx"}) {
      assertEquals(Optional.empty(), ofOneDnn(InstructionSet.AVX512, set).complaint());
    }
  }

  private static Arithmetic ofOneDnn(InstructionSet best, String set) {
    return new Arithmetic(
        new Processor("a chip", best, "32/1024/4096"),
        Optional.of("3.11.0 " + set),
        Optional.empty(),
        1,
        "by the environment");
  }

  @Test
  void whatIsWantedIsAdvisedWhereItIsNoneOfTheSlowOnes() {
    String told =
        usual(InstructionSet.AVX512).complaint(Optional.of("Cooperlake"), Optional.of("Haswell"));
    assertTrue(told.contains("Set OPENBLAS_CORETYPE=Haswell"), told);
  }

  @Test
  void kernelsThatAreSlowForTheProcessorAreTold() {
    String told =
        usual(InstructionSet.AVX512).complaint(Optional.of("Prescott"), Optional.of("Prescott"));
    assertTrue(told.contains("Prescott kernels on a chip (avx512), many times slower"), told);
    assertTrue(told.contains("Set OPENBLAS_CORETYPE=SkylakeX"), told);
  }

  @Test
  void kernelsThatWereLoadedBeforeTheChoiceAreTold() {
    String told =
        usual(InstructionSet.AVX512).complaint(Optional.of("Zen"), Optional.of("SkylakeX"));
    assertTrue(told.contains("was loaded before Penstock could tell it"), told);
  }

  @Test
  void nothingIsToldOfKernelsThatAreAsChosenOrCannotBeBetter() {
    assertNull(
        usual(InstructionSet.AVX512).complaint(Optional.of("Haswell"), Optional.of("haswell")));
    assertNull(usual(InstructionSet.AVX2).complaint(Optional.of("Zen"), Optional.empty()));
    assertNull(usual(InstructionSet.OTHER).complaint(Optional.of("Nehalem"), Optional.empty()));
    assertNull(usual(InstructionSet.AVX2).complaint(Optional.empty(), Optional.of("Haswell")));
  }
}
