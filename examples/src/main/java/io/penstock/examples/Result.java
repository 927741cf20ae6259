package io.penstock.examples;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What an example found, as one line that people and scripts can read: {@code RESULT key=value
 * key=value …}.
 */
public final class Result {
  private final Map<String, String> values = new LinkedHashMap<>();

  /** Adds a value; fractions are written with four decimals, spaces become underscores. */
  public Result with(String key, Object value) {
    String text =
        value instanceof Double || value instanceof Float
            ? String.format(Locale.ROOT, "%.4f", ((Number) value).doubleValue())
            : String.valueOf(value).replaceAll("\\s+", "_");
    values.put(key, text);
    return this;
  }

  /** Writes the line to standard output. */
  public void print() {
    System.out.println(this);
  }

  @Override
  public String toString() {
    return values.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining(" ", "RESULT ", ""));
  }
}
