package io.penstock.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class OptionsTest {
  private static Options parse(String... arguments) {
    return Options.parse(arguments, "stages=2", "learning-rate=0.05", "data=a=b");
  }

  private static String messageOf(Runnable mistake) {
    return assertThrows(IllegalArgumentException.class, mistake::run).getMessage();
  }

  @Test
  void withoutArgumentsTheDefaultsHold() {
    Options options = parse();
    assertEquals(2, options.count("stages"));
    assertEquals(0.05, options.number("learning-rate"));
    assertEquals("a=b", options.text("data"));
  }

  @Test
  void aValueFollowsItsNameAfterASpaceOrAnEqualsSign() {
    Options options = parse("--stages", "3", "--data=c=d", "--learning-rate", "-1e-3");
    assertEquals(3, options.count("stages"));
    assertEquals("c=d", options.text("data"));
    assertEquals(-1e-3, options.number("learning-rate"));
  }

  @Test
  void theLastOfARepeatedOptionWins() {
    assertEquals(5, parse("--stages", "3", "--stages=5").count("stages"));
  }

  @Test
  void anUnknownOptionIsNamedWithTheKnownOnes() {
    String message = messageOf(() -> parse("--stagse", "3"));
    assertTrue(message.contains("--stagse"), message);
    assertTrue(message.contains("--stages 2, --learning-rate 0.05, --data a=b"), message);
  }

  @Test
  void aWordThatIsNoOptionIsUnknown() {
    assertTrue(messageOf(() -> parse("stages", "3")).contains("'stages'"));
  }

  @Test
  void anOptionNeedsAValue() {
    assertTrue(messageOf(() -> parse("--stages")).contains("--stages VALUE"));
  }

  @Test
  void aCountIsAWholeNumberOfAtLeastOne() {
    for (String wrong : new String[] {"0", "-1", "2.5", "two"}) {
      String message = messageOf(() -> parse("--stages", wrong).count("stages"));
      assertTrue(message.contains("--stages is '" + wrong + "'"), message);
    }
  }

  @Test
  void aNumberThatIsNoneIsNamed() {
    String message = messageOf(() -> parse("--learning-rate", "fast").number("learning-rate"));
    assertTrue(message.contains("--learning-rate is 'fast'"), message);
  }

  @Test
  void anOptionDeclaredWithoutADefaultMayBeLeftOut() {
    Options none = Options.parse(new String[] {}, "warm-up=");
    assertEquals(OptionalInt.empty(), none.optional("warm-up", 0));
    Options zero = Options.parse(new String[] {"--warm-up", "0"}, "warm-up=");
    assertEquals(OptionalInt.of(0), zero.optional("warm-up", 0));
    assertTrue(messageOf(() -> zero.optional("warm-up", 1)).contains("at least 1"));
    assertTrue(
        messageOf(() -> Options.parse(new String[] {"x"}, "warm-up=")).endsWith("--warm-up"));
  }
}
