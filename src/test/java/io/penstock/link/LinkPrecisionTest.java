package io.penstock.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class LinkPrecisionTest {
  private static INDArray rounded(LinkPrecision precision, float... values) {
    return Nd4j.createFromArray(values).castTo(precision.type()).castTo(DataType.FLOAT);
  }

  @ParameterizedTest
  @EnumSource(LinkPrecision.class)
  void everyOneIsFoundByItsName(LinkPrecision precision) {
    assertSame(precision, LinkPrecision.named(precision.id()));
    assertSame(precision, LinkPrecision.named(precision.name()));
  }

  @Test
  void anUnknownNameIsRefusedWithTheNamesThereAre() {
    assertEquals(List.of("float32", "bfloat16", "float16"), LinkPrecision.ids());
    String told =
        assertThrows(IllegalArgumentException.class, () -> LinkPrecision.named("fp8")).getMessage();
    assertEquals("Unknown precision of links 'fp8'; use one of float32, bfloat16, float16.", told);
  }

  @Test
  void sixteenBitsAreHalfOfThirtyTwo() {
    assertEquals(4, LinkPrecision.FLOAT32.bytes());
    assertEquals(2, LinkPrecision.BFLOAT16.bytes());
    assertEquals(2, LinkPrecision.FLOAT16.bytes());
  }

  @Test
  void bfloat16RoundsToTheNearestAndKeepsTheRange() {
    Nd4j.getRandom().setSeed(3);
    INDArray random = Nd4j.rand(DataType.FLOAT, 1000).subi(0.5);
    for (float scale : new float[] {1e-30f, 1e-7f, 1, 1e30f}) {
      INDArray values = random.mul(scale);
      INDArray error = values.sub(values.castTo(DataType.BFLOAT16).castTo(DataType.FLOAT));
      // 8 significant bits: half of the last is 2^-9 of the number's power of two.
      assertTrue(error.div(values).amaxNumber().doubleValue() <= Math.pow(2, -8), "at " + scale);
    }
    assertEquals(1.015625f, rounded(LinkPrecision.BFLOAT16, 1.01171875f).getFloat(0), "a tie");
  }

  @Test
  void float16HasMoreDigitsAndLessRange() {
    Nd4j.getRandom().setSeed(3);
    INDArray values = Nd4j.rand(DataType.FLOAT, 1000).addi(0.5);
    INDArray error = values.sub(values.castTo(DataType.HALF).castTo(DataType.FLOAT));
    assertTrue(error.div(values).amaxNumber().doubleValue() <= Math.pow(2, -11));
    INDArray extremes = rounded(LinkPrecision.FLOAT16, 65_504f, 1e6f, 2e-8f);
    assertEquals(65_504f, extremes.getFloat(0));
    assertEquals(Float.POSITIVE_INFINITY, extremes.getFloat(1));
    assertEquals(0f, extremes.getFloat(2));
  }
}
