package io.penstock.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class CutsTest {
  private static List<String> lines(String... options) {
    return Cuts.lines(options).stream().map(Object::toString).toList();
  }

  private static double value(String line, String key) {
    Matcher found = Pattern.compile("\\b" + key + "=([-0-9.]+)").matcher(line);
    assertTrue(found.find(), line);
    return Double.parseDouble(found.group(1));
  }

  @Test
  void equalNumbersOfLayersAreWhatCutsAreHeldTo() {
    List<String> lines = lines("--work", "deep", "--stages", "4", "--micro-batches", "4");
    assertEquals(3, lines.size());
    assertTrue(lines.get(2).contains("cut_by=count starts=[0,16,32,48]"), lines.get(2));
    assertEquals(1, value(lines.get(2), "gain_over_count"));
    for (String line : lines) {
      assertTrue(value(line, "simulated_step_ms") > 0, line);
    }
  }

  @Test
  void whatIsDoneTwiceTakesLongerAndHoldsLess() {
    List<String> lines =
        lines(
            "--work", "W1", "--stages", "2", "--schedule", "gpipe", "--recompute", "never,always");
    String never = lines.get(2);
    String always = lines.get(5);
    assertTrue(value(always, "simulated_step_ms") > value(never, "simulated_step_ms"), always);
    assertTrue(
        value(always, "peak_activations_mib") < value(never, "peak_activations_mib"), always);
  }

  @Test
  void aWrongOptionIsNamed() {
    assertThrows(IllegalArgumentException.class, () -> Cuts.lines("--stages", "none"));
  }
}
