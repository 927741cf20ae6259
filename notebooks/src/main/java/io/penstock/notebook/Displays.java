package io.penstock.notebook;

import java.util.List;
import org.rapaio.jupyter.kernel.display.DisplayRenderer;
import org.rapaio.jupyter.kernel.display.DisplayTransformer;
import org.rapaio.jupyter.kernel.display.spi.DisplayProvider;

/**
 * Tells the kernel how to show timelines, plots and tables: as a cell's last expression, or by its
 * {@code display}. Found as a service.
 */
public final class Displays implements DisplayProvider {
  @Override
  public List<DisplayRenderer> getDisplayRenderers() {
    return List.of(new TimelineRenderer(), new ChartRenderer(), new TableRenderer());
  }

  @Override
  public List<DisplayTransformer> getDisplayTransformers() {
    return List.of();
  }
}
