package io.penstock.compute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.device.InstructionSet;
import io.penstock.device.Processor;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KernelChoiceTest {
  private static final Optional<InstructionSet> AUTO = Optional.empty();
  private static final Map<String, String> AVX2 =
      Map.of(
          "ONEDNN_MAX_CPU_ISA", "AVX2", "DNNL_MAX_CPU_ISA", "AVX2", "OPENBLAS_CORETYPE", "Haswell");
  private static final Map<String, String> AVX512 =
      Map.of(
          "ONEDNN_MAX_CPU_ISA",
          "AVX512_CORE",
          "DNNL_MAX_CPU_ISA",
          "AVX512_CORE",
          "OPENBLAS_CORETYPE",
          "SkylakeX");

  private static Processor processor(InstructionSet best) {
    return new Processor("a chip", best, "32/1024/4096");
  }

  private static KernelChoice choice(
      InstructionSet best, Optional<InstructionSet> asked, Map<String, String> environment) {
    return KernelChoice.of(processor(best), asked, environment);
  }

  @Test
  void itFollowsFromTheProcessorsClass() {
    assertEquals(AVX512, choice(InstructionSet.AVX512, AUTO, Map.of()).variables());
    assertEquals(AVX2, choice(InstructionSet.AVX2, AUTO, Map.of()).variables());
    assertEquals("by the processor's class", choice(InstructionSet.AVX2, AUTO, Map.of()).origin());
  }

  @Test
  void whereTheClassIsNotKnownTheLibrariesChoose() {
    KernelChoice choice = choice(InstructionSet.OTHER, AUTO, Map.of());
    assertEquals(Map.of(), choice.variables());
    assertEquals(Optional.empty(), choice.openBlas());
    assertEquals("by the libraries", choice.origin());
  }

  @Test
  void whatTheEnvironmentSaysIsLeftAndTheRestFollowsFromTheClass() {
    for (String variable : new String[] {"ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA"}) {
      KernelChoice choice = choice(InstructionSet.AVX512, AUTO, Map.of(variable, "AVX2"));
      assertEquals(Map.of("OPENBLAS_CORETYPE", "SkylakeX"), choice.variables());
      assertEquals(
          "by " + variable + " of the environment, else by the processor's class", choice.origin());
    }
    KernelChoice choice =
        choice(InstructionSet.AVX2, AUTO, Map.of("OPENBLAS_CORETYPE", "Prescott"));
    assertEquals(Optional.of("Prescott"), choice.openBlas());
    assertEquals(
        Map.of("ONEDNN_MAX_CPU_ISA", "AVX2", "DNNL_MAX_CPU_ISA", "AVX2"), choice.variables());
  }

  @Test
  void aVariableThatIsEmptySaysNothing() {
    for (String variable : AVX512.keySet()) {
      KernelChoice choice = choice(InstructionSet.AVX512, AUTO, Map.of(variable, ""));
      assertEquals(AVX512, choice.variables());
      assertEquals(Optional.of("SkylakeX"), choice.openBlas());
      assertEquals("by the processor's class", choice.origin());
    }
  }

  @Test
  void whatIsAskedForGoesOverTheEnvironmentAndSaysSo() {
    KernelChoice choice =
        choice(
            InstructionSet.AVX512,
            Optional.of(InstructionSet.AVX2),
            Map.of("ONEDNN_MAX_CPU_ISA", "SSE41", "OPENBLAS_CORETYPE", "haswell"));
    assertEquals(AVX2, choice.variables());
    assertEquals(
        "by spark.penstock.compute.isa=avx2, over ONEDNN_MAX_CPU_ISA of the environment",
        choice.origin());
  }

  @Test
  void whatTheProcessorLacksIsRefused() {
    String told =
        assertThrows(
                IllegalArgumentException.class,
                () -> choice(InstructionSet.AVX2, Optional.of(InstructionSet.AVX512), Map.of()))
            .getMessage();
    assertTrue(told.contains("isa is avx512, but the processor here, a chip, has only avx2"), told);
    assertTrue(told.endsWith("Set avx2 or auto."), told);
    String other =
        assertThrows(
                IllegalArgumentException.class,
                () -> choice(InstructionSet.OTHER, Optional.of(InstructionSet.AVX2), Map.of()))
            .getMessage();
    assertTrue(other.endsWith("Set auto."), other);
  }
}
