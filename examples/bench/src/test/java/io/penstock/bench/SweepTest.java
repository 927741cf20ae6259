package io.penstock.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class SweepTest {
  private static double value(String line, String key) {
    Matcher found = Pattern.compile("\\b" + key + "=([-0-9.]+)").matcher(line);
    assertTrue(found.find(), line);
    return Double.parseDouble(found.group(1));
  }

  @Test
  void everyShapeAndPassIsInOneGroup() {
    List<String> lines =
        Sweep.lines("--rows", "1,17", "--widths", "3,64").stream().map(Object::toString).toList();
    List<String> groups = lines.stream().filter(line -> line.contains(" sweep=")).toList();
    for (String part : List.of("forward", "input_gradient", "weight_gradient")) {
      List<String> its = groups.stream().filter(l -> l.contains("sweep=" + part + " ")).toList();
      assertEquals(2 * 2 * 2, its.stream().mapToDouble(line -> value(line, "shapes")).sum());
      for (String line : its) {
        assertTrue(value(line, "worst_ratio") > 0, line);
        assertTrue(value(line, "worst_ratio") <= value(line, "median_ratio"), line);
        assertTrue(value(line, "openblas_gflops") > 0, line);
      }
    }
    String last = lines.get(lines.size() - 1);
    assertTrue(last.contains("aim=no_shape_below_a_third_of_openblas"), last);
    assertTrue(last.contains("computes_with="), last);
  }

  @Test
  void theAimCountsEveryShapeAndSaysHowManyAreMereCalls() {
    for (String leastMicros : List.of("0", "1000000")) {
      List<String> lines =
          Sweep.lines("--rows", "7", "--widths", "33", "--least-us", leastMicros).stream()
              .map(Object::toString)
              .toList();
      String aim = lines.get(lines.size() - 1);
      assertEquals(3, value(aim, "shapes"), aim);
      double calls = leastMicros.equals("0") ? 0 : value(aim, "below_a_third");
      assertEquals(calls, value(aim, "of_them_all_call"), aim);
      assertEquals(
          value(aim, "below_a_third") == 0 ? "yes" : "no", aim.replaceAll(".* met=(\\S+).*", "$1"));
    }
  }

  @Test
  void aWrongOptionIsNamed() {
    assertThrows(IllegalArgumentException.class, () -> Sweep.lines("--rows", "none"));
  }
}
