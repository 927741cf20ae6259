package io.penstock.notebook;

import org.knowm.xchart.BitmapEncoder;
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
    return DisplayData.withType(
        Png.TYPE, Png.base64(BitmapEncoder.getBufferedImage((Chart<?, ?>) chart)));
  }
}
