package io.penstock.ui.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** {@link ConsolePartTest} has a terminal. */
class TerminalTest {
  @Test
  void aTerminalIsKnownByItsFile() {
    assertTrue(Terminal.isTerminal("/dev/pts/3"));
    assertTrue(Terminal.isTerminal("/dev/tty1"));
    assertFalse(Terminal.isTerminal("/dev/null"));
    assertFalse(Terminal.isTerminal("pipe:[4711]"));
    assertFalse(Terminal.isTerminal("/var/log/driver.log"));
  }

  @Test
  void theShellTellsTheWidth() {
    assertEquals(90, Terminal.columns("90"));
  }

  @Test
  void itIsSparksWhereNobodyTells() {
    assertEquals(80, Terminal.columns(null));
    assertEquals(80, Terminal.columns("wide"));
  }
}
