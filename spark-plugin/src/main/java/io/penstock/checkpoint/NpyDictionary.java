package io.penstock.checkpoint;

import io.penstock.Amount;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Parser of the text in a {@link NpyHeader}: a dictionary as Python writes it, of strings, truth
 * values and tuples of whole numbers, such as {@code {'descr': '<f4', 'fortran_order': False,
 * 'shape': (3, 5), }}. Anything else that Python knows is refused. For one header, and one thread.
 */
final class NpyDictionary {
  private static final String DESCR = "descr";
  private static final String ORDER = "fortran_order";
  private static final String SHAPE = "shape";

  /** Dimensions; NumPy itself has no more. */
  private static final int MOST_DIMENSIONS = 64;

  /** Characters of the header's text that a message shows. */
  private static final int SHOWN = 200;

  private final String file;
  private final String text;
  private int at;

  /**
   * A parser of one header's text.
   *
   * @param file its name, for messages
   */
  NpyDictionary(String file, String text) {
    this.file = file;
    this.text = text;
  }

  /**
   * Reads the whole dictionary.
   *
   * @param start where the numbers behind the header begin
   * @throws IOException that names the file and the place if it is no such dictionary
   */
  NpyHeader header(long start) throws IOException {
    Map<String, Object> entries = new LinkedHashMap<>();
    expect('{');
    while (!take('}')) {
      String key = string();
      expect(':');
      Object value = value();
      if (entries.put(key, value) != null) {
        throw refused("it has '" + key + "' twice");
      }
      if (!take(',')) {
        expect('}');
        break;
      }
    }
    skipBlanks();
    if (at < text.length()) {
      throw refused("something stands behind its end");
    }
    if (!entries.keySet().equals(Set.of(DESCR, ORDER, SHAPE))) {
      throw refused("it must have 'descr', 'fortran_order' and 'shape', and nothing else");
    }
    if (!(entries.get(DESCR) instanceof String type)
        || !(entries.get(ORDER) instanceof Boolean byColumns)
        || !(entries.get(SHAPE) instanceof List<?> shape)) {
      throw refused(
          "'descr' must be a string, 'fortran_order' True or False, 'shape' a tuple such as (3,"
              + " 5)");
    }
    List<Long> dims = shape.stream().map(Long.class::cast).toList();
    return new NpyHeader(type(type), byColumns, dims, start);
  }

  private NpyType type(String described) throws IOException {
    return NpyType.described(described)
        .orElseThrow(
            () ->
                new IOException(
                    file
                        + " does not hold floating-point numbers that can be read: its type is '"
                        + shown(described)
                        + "', but must be one of "
                        + NpyType.descriptions()
                        + ". Save it as those, in NumPy with .astype('<f4')."));
  }

  private Object value() throws IOException {
    skipBlanks();
    char first = at < text.length() ? text.charAt(at) : 0;
    if (first == '\'' || first == '"') {
      return string();
    }
    if (first == '(') {
      return tuple();
    }
    for (boolean truth : new boolean[] {true, false}) {
      String word = truth ? "True" : "False";
      if (text.startsWith(word, at)) {
        at += word.length();
        return truth;
      }
    }
    throw refused("a string, True, False or a tuple of whole numbers was expected");
  }

  private String string() throws IOException {
    skipBlanks();
    char quote = at < text.length() ? text.charAt(at) : 0;
    int end = quote == '\'' || quote == '"' ? text.indexOf(quote, at + 1) : -1;
    if (end < 0) {
      throw refused("a string was expected");
    }
    String value = text.substring(at + 1, end);
    if (value.indexOf('\\') >= 0) {
      throw refused("a string has a backslash");
    }
    at = end + 1;
    return value;
  }

  /** Reads a tuple; a single number in parentheses is none, for Python wants a comma behind it. */
  private List<Long> tuple() throws IOException {
    expect('(');
    List<Long> dims = new ArrayList<>();
    boolean comma = true;
    while (!take(')')) {
      if (!comma || dims.size() == MOST_DIMENSIONS) {
        throw refused(
            "',' or ')' was expected, and at most " + new Amount(MOST_DIMENSIONS, "dimension"));
      }
      dims.add(number());
      comma = take(',');
    }
    if (dims.size() == 1 && !comma) {
      throw refused("(" + dims.get(0) + ") is no tuple; it is written (" + dims.get(0) + ",)");
    }
    return dims;
  }

  private long number() throws IOException {
    skipBlanks();
    int begin = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    try {
      return Long.parseLong(text.substring(begin, at));
    } catch (NumberFormatException cause) {
      at = begin;
      throw refused("a dimension was expected, a whole number from 0 to " + Long.MAX_VALUE);
    }
  }

  private boolean take(char wanted) {
    skipBlanks();
    boolean there = at < text.length() && text.charAt(at) == wanted;
    at += there ? 1 : 0;
    return there;
  }

  private void expect(char wanted) throws IOException {
    if (!take(wanted)) {
      throw refused("'" + wanted + "' was expected");
    }
  }

  private void skipBlanks() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private IOException refused(String why) {
    return new IOException(
        String.format(
            Locale.ROOT,
            "%s has a NumPy header that cannot be read, %s (at character %d): %s. Save it with"
                + " numpy.save.",
            file,
            why,
            at,
            shown(text.strip())));
  }

  private static String shown(String text) {
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
  }
}
