package io.penstock.ui.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** {@link ConsolePartTest} has a terminal. */
class TerminalTest {
  @Test
  void aTerminalTellsItsWidth() {
    assertEquals(132, Terminal.columns("24 132\n", "90"));
  }

  @Test
  void theShellTellsTheWidthOfOneThatDoesNot() {
    assertEquals(90, Terminal.columns("0 0\n", "90"));
    assertEquals(90, Terminal.columns("", "90"));
  }

  @Test
  void itIsSparksWhereNobodyTells() {
    assertEquals(80, Terminal.columns("\n", null));
    assertEquals(80, Terminal.columns("", "wide"));
  }
}
