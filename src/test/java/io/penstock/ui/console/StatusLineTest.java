package io.penstock.ui.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatusLineTest {
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final PrintStream terminal = new PrintStream(written, true, StandardCharsets.UTF_8);
  private final StatusLine line = new StatusLine(terminal);
  private final PrintStream others = new GuardedStream(terminal, line);

  private List<String> screen() {
    return Screen.of(20, written.toString(StandardCharsets.UTF_8)).lines();
  }

  @Test
  void aShorterTextLeavesNothingOfALongerOne() {
    line.show("a long text");
    line.show("short");
    assertEquals(List.of("short"), screen());
    line.clear();
    assertEquals(List.of(), screen());
  }

  @Test
  void whatHasNotChangedIsNotDrawnAgain() {
    line.show("text");
    int before = written.size();
    line.show("text");
    assertEquals(before, written.size());
  }

  @Test
  void theCursorReturnsSoThatOthersFindItWhereTheyExpectIt() {
    line.show("text");
    assertEquals(0, Screen.of(20, written.toString(StandardCharsets.UTF_8)).column());
  }

  @Test
  void whoeverElseWritesFindsAnEmptyLine() {
    line.show("a rather long text");
    others.println("said");
    assertEquals(List.of("said"), screen());
    line.show("shown again");
    assertEquals(List.of("said", "shown again"), screen());
  }

  @Test
  void aLineThatSomebodyHasBegunIsNotDrawnOver() {
    line.show("text");
    others.print("half");
    line.show("text");
    assertEquals(List.of("half"), screen());
    others.println(" and half");
    line.show("text");
    assertEquals(List.of("half and half", "text"), screen());
  }

  @Test
  void charactersBeyondAsciiPassThrough() {
    others.println("Größe");
    others.write('!');
    others.printf("%d%n", 7);
    assertEquals(List.of("Größe", "!7"), screen());
  }

  @Test
  void sparksOwnBarIsNoLineThatSomebodyHasBegun() {
    others.print("\r[Stage 1]\r");
    line.show("a longer text");
    assertEquals(List.of("a longer text"), screen());
  }

  @Test
  void anAnnouncedLineHasAMomentToBeWritten() {
    line.show("a rather long text");
    line.giveWay();
    line.show("a rather long text");
    terminal.println("WARN");
    assertEquals(List.of("WARN"), screen());
  }

  @Test
  void whatIsLeftStays() {
    line.show("a rather long text");
    line.leave("done");
    line.show("next");
    assertEquals(List.of("done", "next"), screen());
  }
}
