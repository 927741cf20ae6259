package io.penstock.notebook;

import io.penstock.schedule.SvgTimeline;
import io.penstock.schedule.TextTimeline;
import io.penstock.schedule.Timeline;
import org.rapaio.jupyter.kernel.display.DisplayData;
import org.rapaio.jupyter.kernel.display.DisplayRenderer;

/** Shows a timeline as a picture, or as text where there are no pictures. */
final class TimelineRenderer implements DisplayRenderer {
  private static final int COLUMNS = 110;

  @Override
  public Class<?> rendererClass() {
    return Timeline.class;
  }

  @Override
  public boolean canRender(String type) {
    return true;
  }

  /** As HTML it shows times under the pointer, as an image it can be seen on a code host. */
  @Override
  public DisplayData render(String type, Object timeline) {
    String svg = SvgTimeline.svg((Timeline) timeline);
    DisplayData shown = DisplayData.fromHtml("<div style=\"overflow-x:auto\">" + svg + "</div>");
    shown.putData("image/svg+xml", svg);
    shown.putText(TextTimeline.text((Timeline) timeline, COLUMNS));
    return shown;
  }
}
