package io.penstock.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryUseTest {
  @Test
  void thePeakIsReadInKibibytes() {
    assertEquals(
        2048L << 10,
        MemoryUse.peakResident(List.of("Name:\tjava", "VmHWM:\t    2048 kB", "VmRSS:\t 7 kB")));
  }

  @Test
  void aSystemThatDoesNotSayGivesNothing() {
    assertEquals(0, MemoryUse.peakResident(List.of("Name:\tjava")));
  }
}
