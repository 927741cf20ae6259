package io.penstock.compute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ComputePrecisionTest {
  @Test
  void everyPrecisionIsFoundByItsNameInEitherCase() {
    for (ComputePrecision each : ComputePrecision.values()) {
      assertEquals(each, ComputePrecision.named(each.id()));
      assertEquals(each, ComputePrecision.named(each.name()));
    }
  }

  @Test
  void anUnknownNameIsRefusedWithThoseThatThereAre() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> ComputePrecision.named("float8"))
            .getMessage();
    assertTrue(
        message.contains("'float8'") && message.contains("float32, tf32, bfloat16"), message);
  }
}
