package io.penstock.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class PhasesTest {
  @Test
  void aLineAPhaseAndTheSecondsOfThePhaseBefore() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Phases phases = new Phases(new PrintStream(out, true, StandardCharsets.UTF_8));
    double before = phases.next("making %,d rows", 20_000);
    double making = phases.next("done");
    double rest = phases.lap();
    List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
    assertEquals(2, lines.size());
    assertTrue(lines.get(0).matches("\\[ +\\d+\\.\\d s\\] making 20,000 rows"), lines.get(0));
    assertTrue(lines.get(1).endsWith("] done"), lines.get(1));
    assertTrue(before >= 0 && making > 0 && rest > 0);
  }
}
