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
  void theCursorReturnsSoThatOthersFindItWhereTheyExpectIt() {
    line.show("text");
    assertEquals(0, Screen.of(20, written.toString(StandardCharsets.UTF_8)).column());
  }

  /** As with Spark's bar, the end of a longer line may remain to be seen. */
  @Test
  void whoeverElseWritesDoesSoOverIt() {
    line.show("text");
    terminal.println("a longer line");
    line.show("text");
    assertEquals(List.of("a longer line", "text"), screen());
  }

  @Test
  void whatIsLeftStays() {
    line.show("a rather long text");
    line.leave("done");
    line.show("next");
    assertEquals(List.of("done", "next"), screen());
  }
}
