package io.penstock.schedule.draw;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.penstock.Languages;
import io.penstock.schedule.Costs;
import io.penstock.schedule.Lowering;
import io.penstock.schedule.Plans;
import io.penstock.schedule.ScheduleRequest;
import io.penstock.schedule.ScheduleText;
import io.penstock.schedule.Simulator;
import io.penstock.schedule.Verifier;
import io.penstock.schedule.generate.Schedules;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LanguageTest {
  @Test
  void javaWritesOtherDigitsWhereItIsNotTold() throws Exception {
    String told = String.format(Locale.ROOT, "%d", 1234);
    assertNotEquals(told, Languages.inArabic(() -> String.format("%d", 1234)));
  }

  @Test
  void drawingsAndFilesAreTheSameInEveryLanguage() throws Exception {
    Timeline timeline = TimelineTest.MEASURED;
    Languages.assertSame(() -> ChromeTrace.json(timeline));
    Languages.assertSame(() -> SvgTimeline.svg(timeline));
    Languages.assertSame(() -> HtmlTimeline.html(timeline));
    Languages.assertSame(() -> TextTimeline.text(timeline, 90) + TextTimeline.legend(timeline));
    Languages.assertSame(() -> ScheduleText.format(Plans.ZB_V));
    Languages.assertSame(
        () ->
            SimulationJson.json(
                Simulator.simulate(
                    Plans.ZB_V, Costs.even(4, 0.5, 0.25, 0.125).withActivationBytes(3))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpipe", "INTERLEAVED", "zb-v"})
  void schedulesAreTheSameInEveryLanguage(String id) throws Exception {
    Languages.assertSame(() -> ScheduleText.format(Lowering.lower(Schedules.generate(id, 4, 8))));
  }

  @Test
  void refusalsAreTheSameInEveryLanguage() throws Exception {
    Languages.assertSame(() -> refusal(() -> Schedules.generate("zigzag", 12, 34)));
    Languages.assertSame(() -> refusal(() -> ScheduleRequest.of("1f1b", -12, 34)));
    Languages.assertSame(() -> refusal(() -> ScheduleText.parse("mine", "0F0,,12G34")));
    Languages.assertSame(
        () -> refusal(() -> Verifier.verify(Plans.of("0F0 0F1 0B0 0B1", "1F0 1B0 1F1"))));
  }

  private static String refusal(Runnable call) {
    return assertThrows(RuntimeException.class, call::run).getMessage();
  }
}
