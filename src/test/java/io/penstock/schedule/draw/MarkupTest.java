package io.penstock.schedule.draw;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class MarkupTest {
  @Test
  void xmlKeepsTextFromBeingMarkup() {
    assertEquals("a&lt;b&gt; &amp;amp; &quot;c&#39; é𝄞", Markup.xml("a<b> &amp; \"c' é𝄞"));
    assertEquals("a b", Markup.xml("a\u0001b"));
  }

  @Test
  void jsonKeepsTextInsideItsQuotes() {
    assertEquals("\"a\\\"b\\\\c\\u000ad é𝄞\"", Markup.json("a\"b\\c\nd é𝄞"));
  }
}
