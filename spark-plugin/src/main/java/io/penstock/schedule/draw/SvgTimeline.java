package io.penstock.schedule.draw;

import io.penstock.schedule.Span;
import java.util.List;
import java.util.Locale;

/**
 * Timeline as an SVG picture, to scale: a row a rank, one colour and hatching a kind of action, a
 * label inside each bar where it fits, an axis and a legend. Pointing at a bar shows its action,
 * start and duration. Needs nothing from outside. Stateless; any thread may call.
 */
public final class SvgTimeline {
  private static final int LEFT = 70;
  private static final int RIGHT = 30;
  private static final int TOP = 40;
  private static final int TOP_WITHOUT_TITLE = 10;
  private static final int BAR = 26;
  private static final int ROW = 32;
  private static final int FOOT = 70;

  private static final int NARROWEST = 640;
  private static final int WIDEST = 24_000;
  private static final int PIXELS_PER_TICK = 80;
  private static final double PIXELS_PER_CHARACTER = 6.8;
  private static final String WAITING = "#f2f2f2";
  private static final String EDGE = "#444444";

  private final Timeline timeline;
  private final double origin;
  private final double width;
  private final int top;
  private final double scale;
  private final StringBuilder svg = new StringBuilder();

  private SvgTimeline(Timeline timeline, double width) {
    this.timeline = timeline;
    this.origin = timeline.start();
    this.width = width;
    this.top = timeline.title().isEmpty() ? TOP_WITHOUT_TITLE : TOP;
    this.scale = timeline.duration() > 0 ? width / timeline.duration() : 1;
  }

  /**
   * Returns the picture, an {@code svg} element, so wide that three of four bars have room for
   * their label, unless that makes it too wide to look at.
   */
  public static String svg(Timeline timeline) {
    double low = timeline.lowerQuartile();
    double wanted = low > 0 ? room(timeline.longestLabel()) * timeline.duration() / low : NARROWEST;
    return new SvgTimeline(timeline, Math.max(NARROWEST, Math.min(WIDEST, wanted))).draw();
  }

  /**
   * Returns the picture in a given width, however little room that leaves for labels.
   *
   * @param pixels of the whole picture, at least 200
   * @throws IllegalArgumentException if it is narrower
   */
  public static String svg(Timeline timeline, int pixels) {
    if (pixels < 200) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "a timeline of %d pixels; it cannot be narrower than 200", pixels));
    }
    return new SvgTimeline(timeline, pixels - LEFT - RIGHT).draw();
  }

  private String draw() {
    int rows = timeline.rows().size();
    double fullWidth = LEFT + width + RIGHT;
    double height = top + rows * ROW + FOOT;
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\""
            + " viewBox=\"0 0 %.0f %.0f\" font-family=\"monospace\" font-size=\"11\">",
        fullWidth, height, fullWidth, height);
    hatchings();
    add("<rect width=\"%.0f\" height=\"%.0f\" fill=\"#ffffff\"/>", fullWidth, height);
    text(LEFT, 22, "start", "#000000", 14, timeline.title());
    for (int rank = 0; rank < rows; rank++) {
      double row = top + rank * ROW;
      text(LEFT - 10, row + 17, "end", "#000000", 12, "rank " + rank);
      box(LEFT, row, width, BAR, WAITING, "none");
    }
    axis(top + rows * ROW);
    for (int rank = 0; rank < rows; rank++) {
      for (Span span : timeline.rows().get(rank)) {
        bar(span, top + rank * ROW);
      }
    }
    legend(height - 18);
    return svg.append("</svg>\n").toString();
  }

  private void hatchings() {
    add("<defs>");
    for (ActionStyle look : timeline.looks()) {
      if (!look.hatch.isEmpty()) {
        add(
            "<pattern id=\"%s\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\">"
                + "<rect width=\"8\" height=\"8\" fill=\"%s\"/>"
                + "<path d=\"%s\" stroke=\"%s\" stroke-opacity=\"0.45\" fill=\"none\"/></pattern>",
            look.name(), look.paper, look.hatch, look.ink);
      }
    }
    add("</defs>");
  }

  private void axis(double bottom) {
    TimeAxis.atLeast(PIXELS_PER_TICK / scale)
        .ticks(timeline.duration())
        .forEach(
            time -> {
              double x = LEFT + time * scale;
              add("<path d=\"M%.2f,%d V%.2f\" stroke=\"#bbbbbb\"/>", x, top - 6, bottom + 4);
              text(x, bottom + 17, "middle", "#000000", 11, timeline.text(time));
            });
  }

  private void bar(Span span, double top) {
    ActionStyle look = ActionStyle.of(span.action().kind());
    double x = LEFT + (span.start() - origin) * scale;
    double wide = span.duration() * scale;
    add(
        "<g class=\"bar\"><title>%s</title>",
        Markup.xml(
            String.format(
                Locale.ROOT,
                "%s: starts at %s, takes %s",
                span.action(),
                timeline.text(span.start() - origin),
                timeline.text(span.duration()))));
    box(x, top, wide, BAR, paint(look), EDGE);
    String label = span.action().toString();
    for (String shorter : List.of(label, String.valueOf(look.letter()))) {
      if (wide >= room(shorter.length())) {
        if (!look.hatch.isEmpty()) { // a label on lines is hard to read
          double space = shorter.length() * PIXELS_PER_CHARACTER;
          box(x + (wide - space) / 2, top + 7, space, 13, look.paper, "none");
        }
        text(x + wide / 2, top + 17, "middle", look.ink, 11, shorter);
        break;
      }
    }
    add("</g>");
  }

  private static double room(int characters) {
    return characters * PIXELS_PER_CHARACTER + 6;
  }

  private void legend(double y) {
    double x = LEFT;
    for (ActionStyle look : timeline.looks()) {
      x = entry(x, y, paint(look), look.letter() + " " + look.words);
    }
    entry(x, y, WAITING, "waiting");
  }

  private double entry(double x, double y, String paint, String words) {
    box(x, y - 11, 24, 14, paint, EDGE);
    text(x + 30, y, "start", "#000000", 12, words);
    return x + 30 + (words.length() + 3) * 7.3;
  }

  private void box(double x, double y, double wide, int high, String paint, String edge) {
    add(
        "<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%d\" fill=\"%s\" stroke=\"%s\"/>",
        x, y, wide, high, paint, edge);
  }

  private static String paint(ActionStyle look) {
    return look.hatch.isEmpty() ? look.paper : "url(#" + look.name() + ")";
  }

  private void text(double x, double y, String anchor, String ink, int size, String words) {
    add(
        "<text x=\"%.2f\" y=\"%.2f\" text-anchor=\"%s\" fill=\"%s\" font-size=\"%d\">%s</text>",
        x, y, anchor, ink, size, Markup.xml(words));
  }

  private void add(String line, Object... values) {
    svg.append(String.format(Locale.ROOT, line, values)).append('\n');
  }
}
