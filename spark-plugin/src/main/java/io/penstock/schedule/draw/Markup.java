package io.penstock.schedule.draw;

import io.penstock.Internal;
import java.util.Locale;

/** Escapes text for XML, HTML and JSON. Stateless; any thread may call. */
@Internal
public final class Markup {
  private Markup() {}

  /** Returns a text as content or as a quoted attribute of XML or HTML. */
  public static String xml(String text) {
    StringBuilder escaped = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.appendCodePoint(c < ' ' ? ' ' : c); // XML has no controls
              }
            });
    return escaped.toString();
  }

  /** Returns a text as a string of JSON, with its quotes. */
  public static String json(String text) {
    StringBuilder escaped = new StringBuilder("\"");
    text.codePoints()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                escaped.append('\\').appendCodePoint(c);
              } else if (c < ' ') {
                escaped.append(String.format(Locale.ROOT, "\\u%04x", c));
              } else {
                escaped.appendCodePoint(c);
              }
            });
    return escaped.append('"').toString();
  }
}
