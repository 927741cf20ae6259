package io.penstock.schedule.draw;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.schedule.Action;
import io.penstock.schedule.Costs;
import io.penstock.schedule.Plans;
import io.penstock.schedule.Simulator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextTimelineTest {
  private static final Timeline SMALL =
      Timeline.of(Simulator.simulate(Plans.SMALL, Costs.even(2, 1, 1, 1)));

  private static String row(Timeline timeline, double timePerColumn, int rank) {
    return TextTimeline.text(
            timeline,
            timePerColumn,
            r -> "",
            List.of(Action::toString, a -> a.kind().name() + a.microBatch()))
        .lines()
        .toList()
        .get(rank)
        .strip();
  }

  @Test
  void barsAreAsLongAsTheirActionsAndWaitingIsDots() {
    assertEquals(
        """
        test on 2 ranks, 2 micro-batches
        rank 0  0F0-0F1-........0B0=====....0B1=====
        rank 1  ....1F0-1B0=====1F1-1B1=====........
                |0                  |5
        """,
        TextTimeline.text(SMALL, 44));
  }

  @Test
  void withLessRoomTheRowsSayTheStage() {
    assertEquals(
        """
        test on 2 ranks, 2 micro-batches
        rank 0  F0F1....B0==..B1==
        rank 1  ..F0B0==F1B1==....
                |0        |5
        """,
        TextTimeline.text(SMALL, 26));
  }

  @Test
  void withLeastRoomShortBarsSayTheirKind() {
    assertEquals("FF..B0=.B1", rowOf(TextTimeline.text(SMALL, 17), 0));
  }

  private static String rowOf(String text, int rank) {
    return text.lines().toList().get(1 + rank).substring("rank 0  ".length());
  }

  @ParameterizedTest
  @MethodSource("io.penstock.schedule.Plans#sizes")
  void everyLineIsAsWideAsAsked(String id, int ranks, int microBatches) {
    int columns = 90;
    Timeline timeline;
    try {
      timeline = TimelineTest.plan(id, ranks, microBatches);
    } catch (IllegalArgumentException doesNotExist) {
      return; // some schedules need more micro-batches
    }
    List<String> lines = TextTimeline.text(timeline, columns).lines().toList();
    assertEquals(ranks + 2, lines.size());
    for (String line : lines.subList(1, ranks + 1)) {
      assertEquals(columns, line.length(), line);
    }
    assertTrue(lines.get(ranks + 1).length() <= columns, lines.get(ranks + 1));
  }

  @Test
  void aLoneActionTooShortForAColumnIsStillThere() {
    Timeline timeline =
        new Timeline(
            "",
            "",
            List.of(
                List.of(TimelineTest.span("0F0", 2.1, 2.2), TimelineTest.span("0B0", 7, 8)),
                List.of(TimelineTest.span("1F0", 0, 7), TimelineTest.span("1B0", 7, 8))));
    assertEquals("..F....B", row(timeline, 1, 0));
    assertEquals("F0-----B", row(timeline, 1, 1));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 100, -7})
  void timesMayBeginAnywhere(double origin) {
    Timeline timeline =
        new Timeline(
            "",
            "ms",
            List.of(
                List.of(
                    TimelineTest.span("0F0", origin, origin + 5),
                    TimelineTest.span("0B0", origin + 6, origin + 10))));
    assertEquals("0F0--.0B0=", row(timeline, 1, 0));
    assertEquals("|0 ms", row(timeline, 1, 1));
  }

  @Test
  void scaleRowsAndLabelsMayBeChosen() {
    assertEquals(
        """
        a <b> & "c" \\
        stage 1  F11--F12-......B11==
        stage 2  .....F21--I21~W21++.
                 |0 ms     |10
        """,
        TextTimeline.text(
            TimelineTest.MEASURED,
            1,
            rank -> "stage " + (rank + 1),
            List.of(a -> "" + a.kind() + (a.stage() + 1) + (a.microBatch() + 1))));
  }

  @Test
  void theLegendExplainsWhatOccurs() {
    assertEquals("F- forward, B= backward, . waiting", TextTimeline.legend(SMALL));
  }

  @Test
  void whatTakesNoTimeCanBeDrawn() {
    Timeline timeline = Timeline.of(Simulator.simulate(Plans.SMALL, Costs.even(2, 0, 0, 0)));
    assertTrue(TextTimeline.text(timeline, 80).contains("rank 1  F\n"));
  }
}
