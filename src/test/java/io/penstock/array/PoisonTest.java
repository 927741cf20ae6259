package io.penstock.array;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class PoisonTest {
  @Test
  void theTestsRunWithIt() {
    assertTrue(Boolean.getBoolean(Poison.PROPERTY), "set by the build for all tests");
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT", "DOUBLE", "HALF", "BFLOAT16"})
  void everyNumberOfAFloatingPointArrayIsNotANumber(DataType type) {
    INDArray array = Nd4j.ones(type, 3, 5);
    Poison.fill(array);
    for (int i = 0; i < array.length(); i++) {
      assertTrue(Double.isNaN(array.getDouble(i)), type + " " + i);
    }
  }

  @Test
  void aWholeNumberIsMinusOne() {
    INDArray array = Nd4j.ones(DataType.INT, 7);
    Poison.fill(array);
    assertEquals(-7, array.sumNumber().intValue());
  }
}
