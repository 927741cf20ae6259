package io.penstock.notebook;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.internal.chartpart.Chart;
import org.rapaio.jupyter.kernel.display.DisplayData;
import org.rapaio.jupyter.kernel.display.DisplayRenderer;

/** Shows a plot of XChart's as an image, in the plot's own size. */
final class ChartRenderer implements DisplayRenderer {
  @Override
  public Class<?> rendererClass() {
    return Chart.class;
  }

  @Override
  public boolean canRender(String type) {
    return true;
  }

  @Override
  public DisplayData render(String type, Object chart) {
    try {
      byte[] png = BitmapEncoder.getBitmapBytes((Chart<?, ?>) chart, BitmapFormat.PNG);
      return DisplayData.withType("image/png", Base64.getEncoder().encodeToString(png));
    } catch (IOException e) {
      throw new UncheckedIOException("A plot cannot be drawn", e);
    }
  }
}
