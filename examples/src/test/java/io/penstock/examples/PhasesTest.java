package io.penstock.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PhasesTest {
  private static final String SECONDS = "\\[ *\\d+\\.\\d s\\] ";

  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);

  private List<String> lines() {
    return said.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private List<String> table() {
    return table(lines());
  }

  /** The phases of the table, from its first row to its last, that a job printed. */
  static List<String> table(List<String> lines) {
    return lines.stream()
        .dropWhile(line -> !line.startsWith("where "))
        .filter(line -> line.contains(" %  "))
        .map(line -> line.replaceFirst("^ +\\d+\\.\\d s +\\d+ %  ", ""))
        .toList();
  }

  @Test
  void aLineAPhaseAndTheSecondsOfThePhaseBefore() {
    Phases phases = new Phases(out);
    double before = phases.next("making %,d rows", 20_000);
    double making = phases.next("done");
    double rest = phases.lap();
    assertEquals(2, lines().size());
    assertTrue(lines().get(0).matches(SECONDS + "making 20,000 rows"), lines().get(0));
    assertTrue(lines().get(1).endsWith("] done"), lines().get(1));
    assertTrue(before >= 0 && making > 0 && rest > 0);
  }

  @Test
  void whereTheTimeWentStandsInTheEndByPhase() {
    Phases phases = new Phases(out);
    phases.next("making %,d rows, some large", 20_000);
    phases.next("training: 3 epochs");
    phases.end();
    assertTrue(lines().get(2).matches("where \\d+\\.\\d s went:"), lines().get(2));
    assertEquals(List.of("making 20,000 rows", "training"), table());
  }

  @Test
  void whatTheLauncherDidComesFirst() {
    long now = System.currentTimeMillis() * 1000;
    Map<String, String> environment =
        Map.of(
            "PENSTOCK_LAUNCHED", String.valueOf(now - 90_000_000),
            "PENSTOCK_BUILT", String.valueOf(now - 30_000_000));
    Phases phases = Phases.sinceLaunch(out, environment);
    phases.next("starting Spark");
    phases.end();
    assertTrue(lines().get(0).matches("\\[ 9\\d\\.\\d s\\] starting Spark"), lines().get(0));
    assertEquals(List.of("building", "starting Java", "starting Spark"), table());
    assertTrue(lines().get(2).startsWith("    60.0 s "), lines().get(2));
  }

  @Test
  void aJobThatNoLauncherStartedBeginsWithItsFirstPhase() {
    for (String given : new String[] {"", "no time"}) {
      said.reset();
      Phases phases = Phases.sinceLaunch(out, Map.of("PENSTOCK_LAUNCHED", given));
      phases.next("starting Spark");
      phases.end();
      assertEquals(List.of("starting Spark"), table());
    }
  }

  /** Spark's listeners hear of things late, and of the first step nobody hears before the end. */
  @Test
  void aPhaseThatIsToldLateFindsItsPlaceAndItsTime() {
    long now = System.currentTimeMillis();
    Phases phases =
        Phases.sinceLaunch(out, Map.of("PENSTOCK_LAUNCHED", String.valueOf((now - 60_000) * 1000)));
    phases.began("reading rows", now - 40_000);
    phases.began("training on 2 stages, a line an epoch", now - 30_000);
    phases.next("measuring");
    phases.add("first step", now - 30_000);
    phases.add("training on 2 stages", now - 10_000);
    phases.end();
    assertEquals(
        List.of("starting Java", "reading rows", "first step", "training on 2 stages", "measuring"),
        table());
    String text = String.join("\n", lines());
    for (String row : List.of("20.0 s  33 %  starting", "10.0 s  17 %  read", "20.0 s  33 %  fi")) {
      assertTrue(text.contains(row), text);
    }
  }

  @Test
  void theSecondsOfAPhaseTakeInThoseToldOfInBetween() {
    Phases phases = new Phases(out);
    phases.next("planning");
    phases.began("reading rows", System.currentTimeMillis() + 60_000);
    assertTrue(phases.next("measuring") < 60);
  }
}
