package io.penstock.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PatienceTest {
  @Test
  void withoutARestNothingIsTooSlow() {
    assertEquals(Optional.empty(), Patience.with(List.of(), 10, 512));
  }

  @Test
  void tooSlowIsATenthOfTheMiddleOfTheRest() {
    assertEquals(
        100, Patience.with(List.of(5.0, 1000.0, 9000.0), 10, 512).orElseThrow().leastRate());
  }

  @Test
  void twoStepsMayLastWhatTheyLastAtThatRateAndTenSecondsAtLeast() {
    assertEquals(40_000, Patience.with(List.of(50.0), 10, 100).orElseThrow().mostMillis());
    assertEquals(10_000, Patience.with(List.of(5000.0), 10, 100).orElseThrow().mostMillis());
  }
}
