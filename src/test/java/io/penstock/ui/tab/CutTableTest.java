package io.penstock.ui.tab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.event.RanksReady;
import io.penstock.event.RunIncident;
import io.penstock.event.RunIncident.Kind;
import io.penstock.ui.RunState;
import io.penstock.ui.Samples;
import java.util.List;
import org.junit.jupiter.api.Test;

class CutTableTest {
  private static RanksReady ready(long time, String... arithmetic) {
    return new RanksReady("run", time, 0, List.of(), 32, 0, List.of(arithmetic));
  }

  private static RunIncident unlike(long time) {
    return new RunIncident("run", time, Kind.UNLIKE_ARITHMETIC, -1, -1, 0, "bits hang on the cut");
  }

  private static String page(RunState run) {
    return new CutTable(run).element().toString();
  }

  @Test
  void whatAllRanksComputeWithIsSaidOnce() {
    RunState run = RunState.of(Samples.started("run")).after(ready(2, "computes", "computes"));
    assertTrue(page(run).contains(">every rank computes<"), page(run));
    assertFalse(page(run).contains("alert"), page(run));
  }

  @Test
  void ranksThatDifferAreToldApartAndThatBitsHangOnTheCut() {
    RunState run =
        RunState.of(Samples.started("run"))
            .after(ready(2, "computes with a", "computes with b", "computes with a"))
            .after(unlike(2));
    assertTrue(page(run).contains(">rank 0, 2 computes with a<"), page(run));
    assertTrue(page(run).contains(">rank 1 computes with b<"), page(run));
    assertTrue(page(run).contains("alert-warning\">bits hang on the cut<"), page(run));
    assertTrue(new EventTable(run).element().toString().contains("ranks compute unlike"));
  }

  @Test
  void anAttemptThatWasGivenUpDiffersNoMore() {
    RunState run =
        RunState.of(Samples.started("run"))
            .after(ready(2, "a", "b"))
            .after(unlike(2))
            .after(ready(3, "a", "a"));
    assertFalse(page(run).contains("alert"), page(run));
  }

  @Test
  void aLogThatDoesNotTellShowsNothing() {
    String page = page(RunState.of(Samples.started("run")).after(ready(2)));
    assertFalse(page.contains("every rank"), page);
    assertEquals(page.indexOf("penstock-arithmetic"), page.lastIndexOf("penstock-arithmetic"));
  }
}
