package io.penstock.notebook;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.rapaio.jupyter.kernel.display.DisplayData;
import org.rapaio.jupyter.kernel.display.DisplayRenderer;

/**
 * Shows the first rows of a data set as a table: {@code show()} for people who look. Computes no
 * more than these.
 */
final class TableRenderer implements DisplayRenderer {
  private static final int ROWS = 20;

  /** Characters of a cell that are shown; an image's bytes are many more. */
  private static final int WIDTH = 60;

  @Override
  public Class<?> rendererClass() {
    return Dataset.class;
  }

  @Override
  public boolean canRender(String type) {
    return true;
  }

  @Override
  public DisplayData render(String type, Object data) {
    Dataset<?> rows = (Dataset<?>) data;
    List<String> columns = List.of(rows.columns());
    String head = row("th", columns.stream());
    String body =
        rows.toDF().takeAsList(ROWS).stream()
            .map(row -> row("td", IntStream.range(0, row.size()).mapToObj(i -> said(row.get(i)))))
            .collect(Collectors.joining());
    return DisplayData.fromHtml("<table>" + head + body + "</table>");
  }

  private static String row(String cell, Stream<String> texts) {
    return texts
        .map(text -> "<" + cell + ">" + escaped(text) + "</" + cell + ">")
        .collect(Collectors.joining("", "<tr>", "</tr>"));
  }

  private static String said(Object value) {
    String text = value instanceof byte[] bytes ? bytes.length + " bytes" : String.valueOf(value);
    return text.length() <= WIDTH ? text : text.substring(0, WIDTH) + " …";
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
