package io.penstock.notebook;

import com.github.weisj.jsvg.SVGDocument;
import com.github.weisj.jsvg.parser.LoaderContext;
import com.github.weisj.jsvg.parser.SVGLoader;
import io.penstock.schedule.draw.SvgTimeline;
import io.penstock.schedule.draw.TextTimeline;
import io.penstock.schedule.draw.Timeline;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.rapaio.jupyter.kernel.display.DisplayData;
import org.rapaio.jupyter.kernel.display.DisplayRenderer;

/** Shows a timeline as a picture, or as text where there are no pictures. */
final class TimelineRenderer implements DisplayRenderer {
  private static final int COLUMNS = 110;

  /** Width of the image; a page on a code host is hardly wider. */
  private static final int PIXELS = 1000;

  @Override
  public Class<?> rendererClass() {
    return Timeline.class;
  }

  @Override
  public boolean canRender(String type) {
    return true;
  }

  /**
   * As HTML, which Jupyter prefers, it is the SVG itself and shows times under the pointer. As an
   * image it can be committed: code hosts, and nbconvert, take SVG out of a notebook.
   */
  @Override
  public DisplayData render(String type, Object value) {
    Timeline timeline = (Timeline) value;
    String svg = SvgTimeline.svg(timeline);
    DisplayData shown = DisplayData.fromHtml("<div style=\"overflow-x:auto\">" + svg + "</div>");
    shown.putData(Png.TYPE, Png.base64(image(SvgTimeline.svg(timeline, PIXELS))));
    shown.putText(TextTimeline.text(timeline, COLUMNS));
    return shown;
  }

  private static BufferedImage image(String svg) {
    SVGDocument document =
        new SVGLoader()
            .load(
                new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)),
                null,
                LoaderContext.createDefault());
    if (document == null) {
      throw new IllegalStateException("A timeline's picture is no SVG: " + svg);
    }
    BufferedImage image =
        new BufferedImage(
            (int) Math.ceil(document.size().width),
            (int) Math.ceil(document.size().height),
            BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    document.render(null, graphics);
    graphics.dispose();
    return image;
  }
}
