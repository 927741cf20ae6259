package io.penstock.ui.tab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ElementTest {
  @Test
  void textsAndAttributesAreEscaped() {
    Element link =
        Element.of("a").with("href", "?a=1&b=\"'><").text("<b>&").add(Element.of("i").text("'"));
    assertEquals(
        "<a href=\"?a=1&amp;b=&quot;&#39;&gt;&lt;\">&lt;b&gt;&amp;<i>&#39;</i></a>",
        link.toString());
  }

  @Test
  void voidElementsHaveNoEnd() {
    assertEquals(
        "<p>a<br>b</p>", Element.of("p").text("a").add(Element.of("br")).text("b").toString());
  }
}
