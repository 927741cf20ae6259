package io.penstock.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ShellCommandTest {
  private static List<ShellCommand> commands(String text) {
    return ShellCommand.of(Bad.block("bash", text));
  }

  @Test
  void linesAreJoinedAtABackslashAndPlacedWhereTheyBegin() {
    List<ShellCommand> commands = commands("# first\none a \\\n  b   # says b\n\ntwo\n");
    assertEquals(2, commands.size());
    assertEquals(List.of("one", "a", "b"), commands.get(0).words());
    assertEquals("docs/bad.md:3: wrong", commands.get(0).complaint("wrong"));
    assertEquals(List.of("two"), commands.get(1).words());
    assertEquals("docs/bad.md:6: wrong", commands.get(1).complaint("wrong"));
  }

  @Test
  void quotesHoldAWordTogether() {
    List<String> words = commands("a 'b # c' \"d e\"f --g='h*' i#j\n").get(0).words();
    assertEquals(List.of("a", "b # c", "d ef", "--g=h*", "i#j"), words);
  }

  @Test
  void operatorsPartCommands() {
    List<ShellCommand> commands = commands("a 1 && b; c | d || e > f\n");
    assertEquals("a b c d e", String.join(" ", commands.stream().map(it -> it.program()).toList()));
    assertEquals("f", commands.get(4).out());
    assertEquals(List.of("e"), commands.get(4).words());
  }

  @Test
  void variablesBeforeAProgramAreItsEnvironment() {
    List<ShellCommand> commands = commands("A=1 B_2='x y' run C=3\nONLY=4\n");
    assertEquals(Map.of("A", "1", "B_2", "x y"), commands.get(0).environment());
    assertEquals(List.of("run", "C=3"), commands.get(0).words());
    assertEquals(List.of(), commands.get(1).words());
  }

  @Test
  void aQuoteThatDoesNotCloseIsRefusedWithItsPlace() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> commands("a\nb 'c\n")).getMessage();
    assertTrue(message.startsWith("docs/bad.md:3: "), message);
  }
}
