package io.penstock;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class AmountTest {
  @Test
  void oneThingIsInTheSingular() {
    assertEquals("1 row", new Amount(1, "row").toString());
    assertEquals("2 rows", new Amount(2, "row").toString());
    assertEquals("0 micro-batches", new Amount(0, "micro-batch").toString());
    assertEquals("3 epochs", new Amount(3, "epoch").toString());
    assertEquals("1,024 rows", new Amount(1024, "row").toString());
    assertEquals("1 class", new Amount(1, "class").toString());
    assertEquals("10 classes", new Amount(10, "class").toString());
  }

  @Test
  void itsVerbGoesWithIt() {
    assertEquals("1 stage needs", new Amount(1, "stage").with("needs", "need"));
    assertEquals("0 stages need", new Amount(0, "stage").with("needs", "need"));
  }
}
