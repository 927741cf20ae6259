package io.penstock.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ResultTest {
  @Test
  void isOneLineOfKeysAndValuesInTheOrderGiven() {
    Result result = new Result().with("stages", 2).with("accuracy", 0.87654321).with("mode", "a b");
    assertEquals("RESULT stages=2 accuracy=0.8765 mode=a_b", result.toString());
  }
}
