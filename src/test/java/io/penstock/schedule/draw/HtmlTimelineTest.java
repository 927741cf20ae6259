package io.penstock.schedule.draw;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class HtmlTimelineTest {
  private static final String PAGE = HtmlTimeline.html(TimelineTest.MEASURED);

  @Test
  void itHoldsThePicture() {
    assertTrue(PAGE.startsWith("<!DOCTYPE html>"), PAGE);
    assertTrue(PAGE.contains(SvgTimeline.svg(TimelineTest.MEASURED)), PAGE);
  }

  @Test
  void theTitleIsTextNotMarkup() {
    assertTrue(PAGE.contains("<title>a &lt;b&gt; &amp; &quot;c&quot; \\</title>"), PAGE);
  }

  @Test
  void itLoadsNothing() {
    assertFalse(PAGE.matches("(?s).*(src=|href=|@import|url\\((?!#)).*"), PAGE);
  }
}
