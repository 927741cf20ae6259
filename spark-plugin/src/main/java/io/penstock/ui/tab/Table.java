package io.penstock.ui.tab;

import java.util.List;

/** A table as Spark's pages have them; it scrolls by itself where the page is narrow. */
final class Table {
  private final Element head = Element.of("tr");
  private final Element body = Element.of("tbody");

  Table(List<String> heads) {
    heads.forEach(words -> head.add(Element.of("th").text(words)));
  }

  /** Adds a row, a cell an element. */
  Table row(Element... cells) {
    Element row = Element.of("tr");
    for (Element cell : cells) {
      row.add(Element.of("td").add(cell));
    }
    body.add(row);
    return this;
  }

  Element element() {
    return Element.of("div", "table-responsive")
        .add(
            Element.of("table", "table table-bordered table-striped table-sm penstock-table")
                .add(Element.of("thead").add(head), body));
  }
}
