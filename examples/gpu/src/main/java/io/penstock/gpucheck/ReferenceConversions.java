package io.penstock.gpucheck;

import io.penstock.compute.Conversions;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Conversions by arithmetic on numbers, not on their bits. A word is a whole number of 32 bits, as
 * a double holds it, with the earlier number below. Stateless.
 */
final class ReferenceConversions implements Conversions {
  private static final int BITS = 16;
  private static final int MASK = 0xFFFF;
  private static final int SIGN = 0x8000;

  /** A format of 16 bits, by how many of them a fraction and an exponent have. */
  private record Format(int fraction, int exponent) {
    static Format of(DataType type) {
      return type == DataType.HALF ? new Format(10, 5) : new Format(7, 8);
    }

    private int bias() {
      return (1 << exponent - 1) - 1;
    }

    private int infinity() {
      return (1 << exponent) - 1 << fraction;
    }

    int bits(double number) {
      int sign = Math.copySign(1, number) < 0 ? SIGN : 0;
      if (Double.isNaN(number)) {
        return infinity() + (1 << fraction - 1);
      }
      if (Double.isInfinite(number)) {
        return sign + infinity();
      }
      int power = Math.max(Math.getExponent(number), 1 - bias());
      int units = (int) Math.rint(Math.scalb(Math.abs(number), fraction - power));
      // The largest fraction rounded up is the next power's least; the largest power's, infinity.
      int bits = units < 1 << fraction ? units : (power + bias() - 1 << fraction) + units;
      return sign + Math.min(bits, infinity());
    }

    double number(int bits) {
      int size = bits & SIGN - 1;
      int units = size & (1 << fraction) - 1;
      int power = size >> fraction;
      double number;
      if (size >= infinity()) {
        number = units == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
      } else if (power == 0) {
        number = Math.scalb((double) units, 1 - bias() - fraction);
      } else {
        number = Math.scalb((double) (units + (1 << fraction)), power - bias() - fraction);
      }
      return (bits & SIGN) == 0 ? number : -number;
    }
  }

  @Override
  public void round(INDArray numbers, DataType type, INDArray words) {
    Format format = Format.of(type);
    Doubles from = Doubles.of(numbers);
    Doubles to = Doubles.of(words);
    for (long i = 0; i < to.length(); i++) {
      long word = format.bits(from.get(2 * i));
      if (2 * i + 1 < from.length()) {
        word += (long) format.bits(from.get(2 * i + 1)) << BITS;
      }
      to.put(i, word);
    }
  }

  @Override
  public void widen(INDArray words, DataType type, INDArray numbers) {
    Format format = Format.of(type);
    Doubles to = Doubles.of(numbers);
    for (long i = 0; i < to.length(); i++) {
      long word = (long) Doubles.of(words).get(i / 2);
      to.put(i, format.number((int) (word >> (i % 2 == 0 ? 0 : BITS)) & MASK));
    }
  }
}
