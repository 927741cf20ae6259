package io.penstock.link;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Dtype on the wire: the numbers in which the activations of a micro-batch, and their gradients, go
 * from stage to stage. Stages compute in 32 bits whatever this is. Only 32 bits keep the promise
 * that p stages learn bit for bit what one learns; 16 bits halve what the links carry, and round
 * each number, to the nearest, at every cut.
 */
public enum LinkPrecision {
  /** The numbers as the stages have them. */
  FLOAT32(DataType.FLOAT),
  /**
   * The range of 32 bits with 8 significant ones: each number is off by at most 1 in 256 of itself.
   * What is large or tiny, as gradients are, stays so.
   */
  BFLOAT16(DataType.BFLOAT16),
  /**
   * IEEE 754's half, with 11 significant bits: off by at most 1 in 2,048 between 6e-5 and 65,504.
   * Larger numbers become infinite, and gradients below 3e-8 become 0.
   */
  FLOAT16(DataType.HALF);

  private final DataType type;

  LinkPrecision(DataType type) {
    this.type = type;
  }

  /** ND4J's type of these numbers. */
  public DataType type() {
    return type;
  }

  /** Bytes of a number. */
  public int bytes() {
    return type.width();
  }

  /** The name as a setting: {@code float32}, {@code bfloat16} or {@code float16}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** All names, in the order of the values. */
  public static List<String> ids() {
    return Arrays.stream(values()).map(LinkPrecision::id).toList();
  }

  /**
   * The value of this name, in either case.
   *
   * @throws IllegalArgumentException if there is none; the message lists the names
   */
  public static LinkPrecision named(String name) {
    return Arrays.stream(values())
        .filter(one -> one.id().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    String.format(
                        Locale.ROOT,
                        "Unknown precision of links '%s'; use one of %s.",
                        name,
                        String.join(", ", ids()))));
  }
}
