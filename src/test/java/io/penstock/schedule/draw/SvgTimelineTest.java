package io.penstock.schedule.draw;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.schedule.Span;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class SvgTimelineTest {
  private static Document read(Timeline timeline) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(SvgTimeline.svg(timeline))));
  }

  private static Stream<Element> elements(NodeList nodes) {
    return IntStream.range(0, nodes.getLength()).mapToObj(i -> (Element) nodes.item(i));
  }

  private static List<Element> bars(Document svg) {
    return elements(svg.getElementsByTagName("g"))
        .filter(group -> group.getAttribute("class").equals("bar"))
        .toList();
  }

  private static double number(Element bar, String attribute) {
    Element box = (Element) bar.getElementsByTagName("rect").item(0);
    return Double.parseDouble(box.getAttribute(attribute));
  }

  @Test
  void everyActionHasABarToScaleThatSaysWhenItRan() throws Exception {
    Timeline timeline = TimelineTest.MEASURED;
    List<Element> bars = bars(read(timeline));
    List<Span> spans = timeline.rows().stream().flatMap(List::stream).toList();
    assertEquals(spans.size(), bars.size());
    double scale = number(bars.get(0), "width") / spans.get(0).duration();
    double left = number(bars.get(0), "x");
    for (int i = 0; i < bars.size(); i++) {
      assertEquals(spans.get(i).duration() * scale, number(bars.get(i), "width"), 0.02);
      assertEquals(left + (spans.get(i).start() - 100) * scale, number(bars.get(i), "x"), 0.02);
    }
    assertTrue(
        bars.get(2).getTextContent().contains("0B0: starts at 15 ms, takes 5 ms"),
        bars.get(2).getTextContent());
  }

  @Test
  void itFitsTheWidthThatIsAsked() {
    for (int pixels : new int[] {200, 1240}) {
      String svg = SvgTimeline.svg(TimelineTest.MEASURED, pixels);
      assertTrue(svg.contains("width=\"" + pixels + "\""), svg);
    }
    assertThrows(IllegalArgumentException.class, () -> SvgTimeline.svg(TimelineTest.MEASURED, 199));
  }

  @Test
  void aRankIsARow() throws Exception {
    List<Element> bars = bars(read(TimelineTest.plan("gpipe", 3, 2)));
    assertEquals(3, bars.stream().map(bar -> number(bar, "y")).collect(Collectors.toSet()).size());
  }

  @Test
  void labelsStandInBarsThatHaveRoom() throws Exception {
    for (Element bar : bars(read(TimelineTest.plan("zb-h1", 4, 12)))) {
      String title = bar.getElementsByTagName("title").item(0).getTextContent();
      String label = bar.getElementsByTagName("text").item(0).getTextContent();
      assertEquals(title.substring(0, title.indexOf(':')), label);
    }
  }

  @Test
  void kindsDifferInPaint() throws Exception {
    List<Element> bars = bars(read(TimelineTest.MEASURED));
    List<String> paints = new ArrayList<>();
    bars.forEach(
        bar ->
            paints.add(((Element) bar.getElementsByTagName("rect").item(0)).getAttribute("fill")));
    // F F B, F I W
    assertEquals(paints.get(0), paints.get(1));
    assertEquals(paints.get(0), paints.get(3));
    assertEquals(4, paints.stream().distinct().count());
  }

  @Test
  void everyHatchingThatIsUsedIsDefined() throws Exception {
    Document svg = read(TimelineTest.MEASURED);
    List<String> defined =
        elements(svg.getElementsByTagName("pattern"))
            .map(pattern -> "url(#" + pattern.getAttribute("id") + ")")
            .toList();
    List<String> used =
        elements(svg.getElementsByTagName("rect"))
            .map(box -> box.getAttribute("fill"))
            .filter(fill -> fill.startsWith("url"))
            .distinct()
            .toList();
    assertEquals(2, used.size());
    assertTrue(defined.containsAll(used), used + " of " + defined);
  }

  @Test
  void theTitleIsTextNotMarkup() throws Exception {
    Document svg = read(TimelineTest.MEASURED);
    assertTrue(svg.getDocumentElement().getTextContent().contains("a <b> & \"c\" \\"));
  }

  @Test
  void itFetchesNothing() {
    String svg = SvgTimeline.svg(TimelineTest.MEASURED);
    assertFalse(svg.contains("href") || svg.contains("@import"), svg);
  }

  @Test
  void longPlansGrowWideWithinReason() throws Exception {
    double small = width(TimelineTest.plan("1f1b", 4, 8));
    double large = width(TimelineTest.plan("1f1b", 4, 32));
    assertTrue(small < large, small + " and " + large);
    assertTrue(width(TimelineTest.plan("1f1b", 8, 2000)) < 25_000);
  }

  private static double width(Timeline timeline) throws Exception {
    return Double.parseDouble(read(timeline).getDocumentElement().getAttribute("width"));
  }
}
