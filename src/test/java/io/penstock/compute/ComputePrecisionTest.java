package io.penstock.compute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ComputePrecisionTest {
  @ParameterizedTest
  @EnumSource(ComputePrecision.class)
  void everyOneIsFoundByItsName(ComputePrecision precision) {
    assertSame(precision, ComputePrecision.named(precision.id()));
    assertSame(precision, ComputePrecision.named(precision.name()));
  }

  @Test
  void anotherNameIsRefusedWithThoseThereAre() {
    assertEquals(List.of("float32", "tf32", "bfloat16"), ComputePrecision.ids());
    String said =
        assertThrows(IllegalArgumentException.class, () -> ComputePrecision.named("fp8"))
            .getMessage();
    assertTrue(said.contains("'fp8'; use one of float32, tf32, bfloat16."), said);
  }
}
