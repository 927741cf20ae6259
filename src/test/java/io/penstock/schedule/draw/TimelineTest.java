package io.penstock.schedule.draw;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.schedule.Action;
import io.penstock.schedule.Costs;
import io.penstock.schedule.Plans;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.Simulation;
import io.penstock.schedule.Simulator;
import io.penstock.schedule.Span;
import io.penstock.schedule.generate.Schedules;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimelineTest {
  /** Two ranks that begin at 100, and a title that needs care. */
  static final Timeline MEASURED =
      new Timeline(
          "a <b> & \"c\" \\",
          "ms",
          List.of(
              List.of(span("0F0", 100, 105), span("0F1", 105, 109), span("0B0", 115, 120)),
              List.of(span("1F0", 105, 110), span("1I0", 110, 114.5), span("1W0", 114.5, 119))));

  static Span span(String action, double start, double end) {
    return new Span(Action.parse(action), start, end);
  }

  static Timeline plan(String id, int ranks, int microBatches) {
    Schedule schedule = Schedules.generate(id, ranks, microBatches);
    return Timeline.of(Simulator.simulate(schedule, Costs.even(schedule.stages(), 1, 1, 1)));
  }

  @Test
  void itLastsFromTheFirstStartToTheLastEnd() {
    assertEquals(100, MEASURED.start());
    assertEquals(120, MEASURED.end());
    assertEquals(20, MEASURED.duration());
    assertEquals(0, new Timeline("", "", List.of(List.of())).duration());
  }

  @Test
  void ofAPlanItHasTheSimulatedTimesWithoutAUnit() {
    Simulation simulation = Simulator.simulate(Plans.SMALL, Costs.even(2, 1, 1, 1));
    Timeline timeline = Timeline.of(simulation);
    assertEquals(simulation.spans(), timeline.rows());
    assertEquals("test on 2 ranks, 2 micro-batches", timeline.title());
    assertEquals("2.5", timeline.text(2.5));
    assertEquals("2.5 ms", MEASURED.text(2.5));
  }

  @Test
  void itsLegendHasTheKindsThatOccur() {
    assertEquals(EnumSet.of(ActionStyle.FORWARD, ActionStyle.BACKWARD), plan("1f1b", 2, 2).looks());
    assertEquals(
        EnumSet.of(ActionStyle.FORWARD, ActionStyle.INPUT_GRADIENT, ActionStyle.WEIGHT_GRADIENT),
        plan("zb-h1", 2, 2).looks());
  }

  @Test
  void itKeepsItsOwnCopyOfTheRows() {
    List<Span> row = new ArrayList<>(List.of(span("0F0", 0, 1)));
    Timeline timeline = new Timeline("", "", List.of(row));
    row.clear();
    assertEquals(1, timeline.rows().get(0).size());
  }

  @Test
  void itTakesARow() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> new Timeline("none", "", List.of()))
            .getMessage();
    assertTrue(message.contains("'none'"), message);
  }
}
