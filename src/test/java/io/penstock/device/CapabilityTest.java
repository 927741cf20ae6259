package io.penstock.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CapabilityTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"3.7", "5.0", "5.3", "6.1", "7.0", "7.2", "7.5", "8.0", "8.6", "8.7", "8.9"})
  void keplerToAdaHasMachineCode(String capability) {
    assertEquals(Optional.empty(), Capability.parse(capability).nd4jProblem());
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.0", "3.5", "9.0", "10.0", "12.0", "13.0"})
  void othersAreRefusedWithTheWayOut(String capability) {
    String problem = Capability.parse(capability).nd4jProblem().orElseThrow();
    assertTrue(problem.contains("compute capability is " + capability), problem);
    assertTrue(problem.contains("3.7 to 8.6 only"), problem);
    assertTrue(problem.contains("train on the CPU: requireGpu false"), problem);
  }

  @Test
  void newArchitecturesAreNamed() {
    assertTrue(Capability.parse("9.0").nd4jProblem().orElseThrow().contains("9.0 (Hopper)"));
    assertTrue(Capability.parse("10.0").nd4jProblem().orElseThrow().contains("10.0 (Blackwell)"));
    assertTrue(Capability.parse("12.0").nd4jProblem().orElseThrow().contains("12.0 (Blackwell)"));
  }

  @Test
  void tenIsAfterNine() {
    assertTrue(Capability.parse("10.0").compareTo(Capability.parse("9.0")) > 0);
    assertTrue(Capability.parse("8.0").compareTo(Capability.parse("8.6")) < 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "8", "[N/A]", "8.6.1", "sm_86"})
  void aTextThatIsNoneIsQuoted(String text) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> Capability.parse(text));
    assertTrue(refused.getMessage().contains("'" + text + "'"), refused.getMessage());
  }
}
