package io.penstock.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Floating-point dtypes that NumPy's files hold, in either order of bytes. Immutable. */
enum NpyType {
  LITTLE_HALF("<f2", Short.BYTES),
  LITTLE_SINGLE("<f4", Float.BYTES),
  LITTLE_DOUBLE("<f8", Double.BYTES),
  BIG_HALF(">f2", Short.BYTES),
  BIG_SINGLE(">f4", Float.BYTES),
  BIG_DOUBLE(">f8", Double.BYTES);

  private static final int HALF_FRACTION = 10;
  private static final int HALF_BIAS = 15;
  private static final int HALF_SPECIAL = 31;

  private final String description;
  private final int bytes;

  NpyType(String description, int bytes) {
    this.description = description;
    this.bytes = bytes;
  }

  /** Returns the type that a header describes by this text; empty if there is none. */
  static Optional<NpyType> described(String text) {
    return Arrays.stream(values()).filter(type -> type.description.equals(text)).findFirst();
  }

  /** Returns the type of single precision in the host's byte order. */
  static NpyType floats() {
    boolean little = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    return described(little ? "<f4" : ">f4").orElseThrow();
  }

  /** Returns the text by which a header describes it. */
  String description() {
    return description;
  }

  /** All descriptions, for messages. */
  static List<String> descriptions() {
    return Arrays.stream(values()).map(type -> type.description).toList();
  }

  /** Returns how many bytes a number takes. */
  int bytes() {
    return bytes;
  }

  /** Decodes numbers to single precision; a double is rounded to the nearest. */
  float[] singles(byte[] encoded) {
    ByteBuffer in =
        ByteBuffer.wrap(encoded)
            .order(description.startsWith("<") ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    float[] numbers = new float[encoded.length / bytes];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] =
          switch (bytes) {
            case Short.BYTES -> half(in.getShort());
            case Float.BYTES -> in.getFloat();
            default -> (float) in.getDouble();
          };
    }
    return numbers;
  }

  /** Decodes IEEE 754's binary16: a sign, 5 bits of exponent, 10 of fraction. */
  private static float half(short bits) {
    int exponent = bits >> HALF_FRACTION & HALF_SPECIAL;
    int fraction = bits & (1 << HALF_FRACTION) - 1;
    float size =
        exponent == HALF_SPECIAL
            ? fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN
            : exponent == 0
                ? Math.scalb((float) fraction, 1 - HALF_BIAS - HALF_FRACTION)
                : Math.scalb(
                    (float) (fraction + (1 << HALF_FRACTION)),
                    exponent - HALF_BIAS - HALF_FRACTION);
    return bits < 0 ? -size : size;
  }
}
