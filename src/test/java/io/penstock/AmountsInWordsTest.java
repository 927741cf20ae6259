package io.penstock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.testing.SourceFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No message says 1 stages: a number of things is an {@link Amount}. */
class AmountsInWordsTest {
  private static final Path ROOT = Path.of(System.getProperty("penstock.root"));

  private static final String THINGS =
      " (stages|executors|replicas|(micro|mini)-batches|rows|layers|ranks|epochs|steps|numbers"
          + "|blocks|groups|columns|frames|outputs|inputs|channels|classes|weights|heads|tokens"
          + "|cores|tasks|GPUs|features|dimensions|values|forwards|slots|sequences|ids|attempts"
          + "|parameters|threads)\\b(?![-/])";

  /** In a format, which the formatter may have broken; and behind a number that is joined on. */
  private static final Pattern BARE =
      Pattern.compile(
          "(%,?d|\\{})(\"\\s*\\+\\s*\")?" + THINGS + "|[^\"\\s(]\\s*\\+\\s*\"" + THINGS);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"it has %d stages, but\"",
        "\"it has %,d\"\n    + \" micro-batches\"",
        "\"it has \" + count + \" rows\"",
        "\"{} executors wait\"",
        "\"it has \"\n    + layers.size()\n    + \" layers; give\"",
      })
  void aBareNumberOfThingsIsFound(String source) {
    assertTrue(BARE.matcher(source).find(), source);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"it has %s, but\", new Amount(3, \"stage\")",
        "\"a sentence about\"\n    + \" stages\"",
        "\"%d of the stages\"",
        "rate + \" rows/s\"",
      })
  void whatIsNoneIsNot(String source) {
    assertFalse(BARE.matcher(source).find(), source);
  }

  @Test
  void noSourceHasOne() throws IOException {
    List<Path> sources =
        SourceFiles.below(ROOT, ".java").stream()
            .filter(file -> ROOT.relativize(file).toString().contains("src/main/"))
            .toList();
    assertTrue(sources.size() > 500, () -> "only " + sources.size() + " in " + ROOT);
    List<String> bare = new ArrayList<>();
    for (Path file : sources) {
      String text = Files.readString(file);
      Stream<String> found = BARE.matcher(text).results().map(match -> match.group().strip());
      found.forEach(words -> bare.add(ROOT.relativize(file) + ": " + words));
    }
    assertEquals(List.of(), bare);
  }
}
