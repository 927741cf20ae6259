package io.penstock.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GpusTest {
  @Test
  void everyLineIsAGpu() {
    Gpus gpus =
        Gpus.parse(
            """
            0, GPU-5c1e6f9a-0b7e-4d0e-9e1b-2f3a4b5c6d7e, 8.6, 24576 MiB, 535.104.05
            1, GPU-6d2f7a0b-1c8f-5e1f-0f2c-3a4b5c6d7e8f, 7.5, 15360 MiB, 535.104.05
            """);
    assertEquals(Optional.empty(), gpus.trouble());
    assertEquals(
        List.of(
            new Gpu(
                0,
                "GPU-5c1e6f9a-0b7e-4d0e-9e1b-2f3a4b5c6d7e",
                new Capability(8, 6),
                24 * FakeGpus.GIB,
                "535.104.05"),
            new Gpu(
                1,
                "GPU-6d2f7a0b-1c8f-5e1f-0f2c-3a4b5c6d7e8f",
                new Capability(7, 5),
                15 * FakeGpus.GIB,
                "535.104.05")),
        gpus.list());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "No devices were found\n"})
  void noneIsNoTrouble(String said) {
    assertEquals(new Gpus(List.of(), Optional.empty()), Gpus.parse(said));
  }

  @Test
  void memoryThatIsNotKnownIsZero() {
    assertEquals(0, Gpus.parse("0, GPU-1, 8.0, [N/A], 535.1").list().get(0).memoryBytes());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0, GPU-1, [Unknown Error], 1 MiB, 535.1",
        "0, GPU-1, 8.0, 1 MiB",
        "zero, GPU-1, 8.0, 1 MiB, 535.1",
        "Unable to determine the device handle for GPU 0000:01:00.0: Unknown Error"
      })
  void aLineThatIsNoneIsQuotedAndNothingIsGuessed(String said) {
    Gpus gpus = Gpus.parse("0, GPU-0, 8.0, 1 MiB, 535.1\n" + said);
    assertEquals(List.of(), gpus.list());
    assertTrue(gpus.trouble().orElseThrow().contains("'" + said + "'"), gpus.toString());
  }

  @Test
  void kindsDifferByCapabilityOrMemory() {
    assertFalse(FakeGpus.of("8.6", "8.6").differ());
    assertTrue(FakeGpus.of("8.6", "8.0").differ());
    assertTrue(
        Gpus.parse("0, GPU-0, 8.0, 40960 MiB, 535.1\n1, GPU-1, 8.0, 81920 MiB, 535.1").differ());
  }
}
