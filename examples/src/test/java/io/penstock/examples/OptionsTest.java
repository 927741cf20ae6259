package io.penstock.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OptionsTest {
  private static final List<Option> KNOWN =
      List.of(
          Option.count("stages", 2, "executors"),
          Option.number("learning-rate", 0.05, "of a step"),
          Option.text("data", "a=b", "a folder"),
          Option.atLeast(0, "warm-up", "forwards first"),
          Option.positive("temperature", 0.7, "boldness"),
          Option.oneOf("source", List.of("generated", "parquet"), "of the rows"),
          Option.counts("hidden", "8,4", "widths"),
          Option.schedules("1f1b", "in which order"),
          Option.someOf("recompute", "never", List.of("never", "always"), "forwards"),
          Option.positives("gbits", "10,25", "speeds"));

  private static Options parse(String... arguments) {
    return Options.parse(arguments, KNOWN);
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
  void whatIsWrittenIsToldFromDefaultsThatAreTheSame() {
    assertEquals(Set.of("stages", "data"), parse("--stages", "2", "--data=a=b").written());
  }

  @Test
  void aValueFollowsItsNameAfterASpaceOrAnEqualsSign() {
    Options options = parse("--stages", "3", "--data=c=d", "--learning-rate", "1e-3");
    assertEquals(3, options.count("stages"));
    assertEquals("c=d", options.text("data"));
    assertEquals(1e-3, options.number("learning-rate"));
  }

  @Test
  void theLastOfARepeatedOptionWins() {
    assertEquals(5, parse("--stages", "3", "--stages=5").count("stages"));
  }

  @Test
  void anUnknownOptionIsNamedWithTheKnownOnes() {
    String message = messageOf(() -> parse("--stagse", "3"));
    assertTrue(message.contains("--stagse"), message);
    assertTrue(
        message.contains("--stages 2, --learning-rate 0.05, --data a=b, --warm-up, "), message);
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
      String message = messageOf(() -> parse("--stages", wrong));
      assertTrue(message.contains("--stages is '" + wrong + "'"), message);
    }
  }

  @Test
  void countsHaveCommasBetweenThem() {
    assertArrayEquals(new int[] {8, 4}, parse().counts("hidden"));
    assertArrayEquals(new int[] {1, 16}, parse("--hidden", "1, 16").counts("hidden"));
    for (String wrong : List.of("", "8,0", "8,,4", "8,", "wide")) {
      String message = messageOf(() -> parse("--hidden", wrong));
      assertTrue(message.startsWith("--hidden is '" + wrong + "': "), message);
    }
  }

  @Test
  void aNumberThatIsNoneOrBelowZeroIsNamed() {
    for (String wrong : List.of("fast", "-1", "NaN")) {
      String message = messageOf(() -> parse("--learning-rate", wrong));
      assertTrue(message.contains("--learning-rate is '" + wrong + "'"), message);
    }
  }

  @Test
  void wordsHaveCommasBetweenThemAndEachIsLookedAt() {
    assertEquals(List.of("never"), parse().words("recompute"));
    assertEquals(List.of("always", "never"), parse("--recompute=always, never").words("recompute"));
    String message = messageOf(() -> parse("--recompute", "never,nope"));
    assertEquals("--recompute is 'never,nope': write some of never,always", message);
    assertEquals(List.of("0.5", "1e3"), parse("--gbits", "0.5,1e3").words("gbits"));
    for (String wrong : List.of("10,0", "10,,25", "10,fast", "-1", "Infinity")) {
      assertTrue(messageOf(() -> parse("--gbits", wrong)).startsWith("--gbits is '"), wrong);
    }
  }

  @Test
  void anOptionDeclaredWithoutADefaultMayBeLeftOut() {
    assertEquals(OptionalInt.empty(), parse().optional("warm-up", 0));
    Options zero = parse("--warm-up", "0");
    assertEquals(OptionalInt.of(0), zero.optional("warm-up", 0));
    assertTrue(messageOf(() -> zero.optional("warm-up", 1)).contains("at least 1"));
  }

  /** Before anything is started with the others. */
  @Test
  void aWrongValueIsToldAsSoonAsTheLineIsRead() {
    Map<String, String> wrong =
        Map.of(
            "stages", "0",
            "learning-rate", "fast",
            "warm-up", "-1",
            "temperature", "0",
            "source", "kafka",
            "recompute", "nope",
            "gbits", "0",
            "schedule", "nope");
    wrong.forEach(
        (name, value) -> {
          String message = messageOf(() -> parse("--" + name, value));
          assertTrue(message.startsWith("--" + name + " is '" + value + "': "), message);
        });
    for (String each : new String[] {"NaN", "Infinity", "-1"}) {
      assertTrue(messageOf(() -> parse("--temperature=" + each)).contains("such as 0.7"), each);
    }
  }

  @Test
  void aWordOfSeveralIsRefusedWithThose() {
    assertTrue(messageOf(() -> parse("--source", "kafka")).endsWith("generated, parquet"));
  }

  @Test
  void aScheduleOfAFileIsReadWhereSchedulesAreAskedFor(@TempDir Path folder) throws Exception {
    String file = folder.resolve("mine.csv").toString();
    Options options = parse("--schedule", "gpipe," + file);
    assertTrue(messageOf(options::schedules).contains(file));
    Files.writeString(Path.of(file), "0F0,0B0\n");
    assertEquals(List.of("gpipe", file), options.schedules());
    Files.writeString(Path.of(file), "0F0,0X0\n");
    assertTrue(messageOf(options::schedules).contains("0X0"));
  }

  @Test
  void whatAutoNeedsAndWhatToNameInsteadIsSaid() {
    String message = messageOf(() -> parse("--schedule", "gpipe,auto"));
    assertTrue(message.contains("executors measure"), message);
    assertTrue(message.contains("gpipe, ") && message.contains("zb-h1"), message);
    assertTrue(message.contains("examples/run fashion-mnist --schedule auto"), message);
  }
}
