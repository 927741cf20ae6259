package io.penstock.launch.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProfileScopeTest {
  @Test
  void itSaysWhatIsMeasuredAndWhere() {
    assertEquals(
        "12 layers with micro-batches of 4, 16 and 20 rows, and the link between two executors, on"
            + " 4 executors of 2 kinds",
        new ProfileScope(12, List.of(16, 4, 20), 4, 2).toString());
    assertEquals(
        "1 layer with micro-batches of 1 row on 1 executor of 1 kind",
        new ProfileScope(1, List.of(1), 1, 1).toString());
  }
}
