package io.penstock.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InstructionSetTest {
  @Test
  void autoAsksForNone() {
    assertEquals(Optional.empty(), InstructionSet.asked("auto"));
    assertEquals(Optional.empty(), InstructionSet.asked(" AUTO "));
  }

  @Test
  void theOthersAreAskedForByTheirWord() {
    assertEquals(Optional.of(InstructionSet.AVX2), InstructionSet.asked("avx2"));
    assertEquals(Optional.of(InstructionSet.AVX512), InstructionSet.asked("AVX512"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "avx", "sse41", "other", "avx512_core"})
  void anotherWordIsRefusedWithThoseThatThereAre(String word) {
    String told =
        assertThrows(IllegalArgumentException.class, () -> InstructionSet.asked(word)).getMessage();
    assertTrue(told.contains("spark.penstock.compute.isa is '" + word + "'"), told);
    assertTrue(told.contains("Set auto") && told.contains("avx2 or avx512"), told);
  }
}
