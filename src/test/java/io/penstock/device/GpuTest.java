package io.penstock.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GpuTest {
  private static Gpu with(String capability, String driver) {
    return new Gpu(3, "GPU-3c1e", Capability.parse(capability), 0, driver);
  }

  @ParameterizedTest
  @ValueSource(strings = {"450.80.02", "470.57.02", "535.104.05", "580.10", "[N/A]"})
  void everyDriverOfCuda11Runs11Point6(String driver) {
    assertEquals(Optional.empty(), with("8.6", driver).problem());
  }

  @ParameterizedTest
  @ValueSource(strings = {"450.51.06", "440.33.01", "390.157"})
  void anOlderDriverIsToBeUpdated(String driver) {
    String problem = with("8.6", driver).problem().orElseThrow();
    assertTrue(problem.contains("driver is " + driver), problem);
    assertTrue(problem.contains("450.80.02 or newer. Update"), problem);
  }

  @Test
  void theGpuIsNamedByIndexAndUuid() {
    String problem = with("9.0", "535.104.05").problem().orElseThrow();
    assertTrue(problem.startsWith("GPU 3 (GPU-3c1e) cannot be used: its compute"), problem);
  }
}
