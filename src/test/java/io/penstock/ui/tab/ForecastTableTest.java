package io.penstock.ui.tab;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.event.Forecast;
import io.penstock.ui.RunState;
import io.penstock.ui.Samples;
import org.junit.jupiter.api.Test;

class ForecastTableTest {
  private static String page(String advice) {
    RunState run = RunState.of(Samples.started("r", new Forecast(0.5, 0.25, advice)));
    return new ForecastTable(run).element().toString();
  }

  @Test
  void whetherTheExecutorsPayStandsBesideWhatIsExpected() {
    String page = page("2 executors do not pay: a <step> takes 5.500 ms");
    assertTrue(page.contains("Expected and measured"), page);
    assertTrue(page.contains("2 executors do not pay: a &lt;step&gt; takes 5.500 ms"), page);
  }

  @Test
  void aRunThatWasToldBeforeThereWasAdviceHasNone() {
    String page = page(null);
    assertFalse(page.contains("penstock-advice"), page);
    assertFalse(page.contains("null"), page);
  }
}
