package io.penstock.ui.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.event.RunEnded;
import io.penstock.ui.Samples;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConsoleLineTest {
  private static final long NOW = 3000;
  private static final int WIDTH = 40;

  private final LiveRuns runs = new LiveRuns();
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final StatusLine line =
      new StatusLine(new PrintStream(written, true, StandardCharsets.UTF_8));
  private int cleared;
  private boolean logTells;
  private final ConsoleLine console =
      new ConsoleLine(runs, line, WIDTH, () -> cleared++, () -> logTells);

  private List<String> screen() {
    return Screen.of(WIDTH, written.toString(StandardCharsets.UTF_8)).lines();
  }

  private void begin(String run) {
    runs.onOtherEvent(Samples.started(run));
    runs.onOtherEvent(Samples.ready(run, 0));
    runs.onOtherEvent(Samples.step(run, 0, 1));
  }

  @Test
  void aRunIsShownInsteadOfSparksBarUntilItEnds() {
    console.tick(NOW);
    assertEquals(List.of(), screen());
    assertEquals(0, cleared);
    begin("r");
    console.tick(NOW);
    assertEquals(List.of("epoch 1/10  loss 0.7500  0:19 left"), screen());
    assertEquals(1, cleared);
    console.tick(NOW);
    assertEquals(2, cleared, "again and again, or it would be back");
    runs.onOtherEvent(Samples.ended("r"));
    console.tick(NOW);
    assertEquals(2, cleared);
  }

  @Test
  void howItWentStaysUnlessTheLogTells() {
    begin("r");
    console.tick(NOW);
    runs.onOtherEvent(Samples.epoch("r", 9));
    runs.onOtherEvent(Samples.ended("r"));
    console.tick(NOW);
    assertEquals("r: 10 epochs, loss 0.1000, 20.00 rows/s", screen().get(0).substring(0, 39));
    written.reset();
    logTells = true;
    begin("s");
    console.tick(NOW);
    runs.onOtherEvent(Samples.ended("s"));
    console.tick(NOW);
    assertEquals(List.of(), screen());
  }

  @Test
  void aRunThatFailedLeavesItsExceptionToTell() {
    begin("r");
    console.tick(NOW);
    runs.onOtherEvent(
        new RunEnded(
            "r",
            6000,
            RunEnded.Outcome.FAILED,
            null,
            null,
            null,
            "bad",
            0,
            null,
            5,
            null,
            null,
            null));
    console.tick(NOW);
    assertEquals(List.of(), screen());
  }

  @Test
  void aLineFitsTheTerminal() {
    begin("r");
    begin("s");
    console.tick(NOW);
    assertEquals(1, screen().size(), screen().toString());
    assertTrue(screen().get(0).length() < WIDTH, screen().toString());
  }

  @Test
  void closingLeavesTheTerminalAsItWas() {
    begin("r");
    console.tick(NOW);
    console.close();
    assertEquals(List.of(), screen());
  }
}
