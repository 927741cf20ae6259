package io.penstock.ui.tab;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.ui.Format;
import io.penstock.ui.tab.Curve.Point;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LineChartTest {
  private static String draw(Curve... curves) {
    return new LineChart("Loss", List.of(curves), true, 1, Format::mark).element().toString();
  }

  private static Curve curve(double... values) {
    List<Point> points =
        IntStream.range(0, values.length)
            .mapToObj(i -> new Point(i + 1, values[i], "<" + i + ">"))
            .toList();
    return new Curve("training", "penstock-a", points);
  }

  @Test
  void aCurveGoesFromLeftToRightAndLessIsLower() {
    // 46 to 348 across, 164 (0) to 10 (1) upwards.
    String drawn = draw(curve(1, 0.5, 0));
    assertTrue(drawn.contains("d=\"M46.0,10.0L197.0,87.0L348.0,164.0\""), drawn);
    assertTrue(drawn.contains("<title>training: &lt;2&gt;</title>"), drawn);
  }

  @Test
  void onePointIsADot() {
    String drawn = draw(curve(0.5));
    assertTrue(drawn.contains("class=\"dot penstock-a\""), drawn);
    assertFalse(drawn.contains("NaN"), drawn);
  }

  @Test
  void whatIsNoNumberIsLeftOut() {
    String drawn = draw(curve(0.5, Double.NaN, Double.POSITIVE_INFINITY, 0.25));
    assertFalse(drawn.contains("NaN") || drawn.contains("Infinity"), drawn);
  }

  @Test
  void withoutAPointItSaysSo() {
    assertTrue(draw(curve()).contains("Nothing yet"), draw(curve()));
  }
}
