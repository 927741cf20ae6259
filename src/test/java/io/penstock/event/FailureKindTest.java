package io.penstock.event;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class FailureKindTest {
  @Test
  void whatMayHaveBeenBadLuckIsTriedAgain() {
    Set<FailureKind> again =
        Arrays.stream(FailureKind.values())
            .filter(FailureKind::recoverable)
            .collect(Collectors.toSet());
    assertEquals(
        EnumSet.of(
            FailureKind.EXECUTOR_LOST,
            FailureKind.DECOMMISSIONED,
            FailureKind.MOVED,
            FailureKind.LINK_BROKEN,
            FailureKind.STALLED,
            FailureKind.DEVICE_LOST,
            FailureKind.EXCEPTION,
            FailureKind.JOB_FAILED),
        again);
  }

  @Test
  void peopleTellThemApart() {
    assertEquals(
        FailureKind.values().length,
        Arrays.stream(FailureKind.values()).map(FailureKind::words).distinct().count());
  }
}
