package io.penstock.notebook;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.schedule.Costs;
import io.penstock.schedule.Simulator;
import io.penstock.schedule.draw.Timeline;
import io.penstock.schedule.generate.Schedules;
import io.penstock.testing.LocalSpark;
import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Set;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.rapaio.jupyter.kernel.display.DisplayData;
import org.rapaio.jupyter.kernel.display.DisplaySystem;

@LocalSpark
class DisplaysTest {
  @Test
  void timelineIsShownAsPictureHtmlAndText() {
    DisplayData shown =
        shown(
            Timeline.of(
                Simulator.simulate(Schedules.generate("1f1b", 2, 2), Costs.even(2, 1, 1, 1))));
    assertEquals(Set.of("image/png", "text/html", "text/plain"), shown.data().keySet());
    String svg = shown.data().get("text/html").toString();
    assertTrue(svg.contains("<svg") && svg.contains("0F0"), svg);
    assertTrue(shown.data().get("text/plain").toString().contains("rank 1"));
  }

  @Test
  void plotIsShownAsPng() {
    XYChart chart = new XYChartBuilder().width(100).height(80).build();
    chart.addSeries("line", new double[] {1, 2});
    byte[] png = Base64.getDecoder().decode(shown(chart).data().get("image/png").toString());
    assertArrayEquals(new byte[] {(byte) 0x89, 'P', 'N', 'G'}, Arrays.copyOf(png, 4));
  }

  @Test
  void dataSetIsShownAsATableOfItsFirstRows(SparkSession spark) throws IOException {
    String html =
        shown(spark.range(30).selectExpr("id", "'<b>' as text", "array() as none"))
            .data()
            .get("text/html")
            .toString();
    assertTrue(
        html.startsWith(
            "<table><tr><th>id</th><th>text</th><th>none</th></tr>"
                + "<tr><td>0</td><td>&lt;b&gt;</td>"),
        html);
    assertEquals(1 + 20, html.split("<tr>").length - 1);
  }

  private static DisplayData shown(Object value) {
    return DisplaySystem.inst().render(value);
  }
}
