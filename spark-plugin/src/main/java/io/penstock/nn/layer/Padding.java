package io.penstock.nn.layer;

import io.penstock.nn.ShapeException;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonValue;

/**
 * Padding around a picture, so that windows may reach over its border. Immutable. As JSON a number,
 * or {@code "same"}.
 *
 * @param same whether it is as much as makes {@code ceil(length / stride)} windows, where it cannot
 *     be even one more behind than before
 * @param size how much before and behind, if not so
 */
public record Padding(boolean same, long size) {
  /** No padding. */
  public static final Padding NONE = new Padding(false, 0);

  /** "Same" padding: as much as gives a picture of the same size, if the stride is 1. */
  public static final Padding SAME = new Padding(true, 0);

  private static final String NAME = "same";

  /**
   * @throws ShapeException if the size is below 0, or given beside "same"
   */
  public Padding {
    if (size < 0 || (same && size != 0)) {
      throw new ShapeException(
          "A padding cannot be " + size + (same ? " and \"same\"" : "") + "; give 0 or more.");
    }
  }

  /** Padding of this size on every side. */
  public static Padding of(long size) {
    return new Padding(false, size);
  }

  @JsonCreator
  static Padding read(Object json) {
    if (NAME.equals(json)) {
      return SAME;
    }
    if (json instanceof Integer || json instanceof Long) {
      return of(((Number) json).longValue());
    }
    throw new ShapeException("A padding cannot be " + json + "; give a number or \"same\".");
  }

  @JsonValue
  Object json() {
    return same ? NAME : size;
  }
}
