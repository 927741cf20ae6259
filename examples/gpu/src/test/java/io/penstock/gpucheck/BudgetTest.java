package io.penstock.gpucheck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class BudgetTest {
  @Test
  void whatDoesNotFitIsNoted() {
    Budget spent = new Budget(0);
    assertFalse(spent.allows("one"));
    assertFalse(spent.allows("other"));
    assertEquals(List.of("one", "other"), spent.leftOut());
  }

  @Test
  void whatFitsIsNot() {
    Budget ample = new Budget(3600);
    assertTrue(ample.allows("one"));
    assertEquals(List.of(), ample.leftOut());
  }
}
