package io.penstock.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.schedule.generate.Schedules;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleCheckTest {
  private static void check(boolean measured, String value) {
    new ScheduleCheck(measured).check("schedule", value);
  }

  private static String messageOf(boolean measured, String value) {
    return assertThrows(IllegalArgumentException.class, () -> check(measured, value)).getMessage();
  }

  @Test
  void everyScheduleMayBeNamedInEitherCaseAndSeveralTogether() {
    check(false, String.join(",", Schedules.ids()));
    check(false, "GPipe, 1F1B");
    check(true, "gpipe,auto");
  }

  @ParameterizedTest
  @ValueSource(strings = {"nope", "gpipe,nope", "", "gpipe,", "1f1b;gpipe", "mine"})
  void oneThatThereIsNotIsRefusedWithAllThatThereAre(String value) {
    String ids = String.join(", ", Schedules.ids());
    assertEquals(
        "--schedule is '"
            + value
            + "': choose among "
            + ids
            + ", or name a file of your own, such as mine.csv",
        messageOf(false, value));
    assertTrue(messageOf(true, value).contains(ids + ", auto, or name a file"));
  }

  @Test
  void autoIsRefusedWhereNothingIsMeasured() {
    assertTrue(messageOf(false, "gpipe,auto").contains("there are none here"));
  }

  @Test
  void aFileMayBeNamedWhereverItLies() {
    check(false, "gpipe,nowhere/mine.csv");
    check(true, "mine.CSV");
  }
}
