package io.penstock.compute;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.array.NarrowNumbers;
import io.penstock.array.NativeArrays;
import java.lang.ref.Reference;
import java.util.Random;
import java.util.stream.Stream;
import org.bytedeco.javacpp.ShortPointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What every kind makes of numbers that cross links in 16 bits: the bits that ND4J's cast makes.
 */
class ConversionsContractTest {
  /** A kind and a type of 16 bits. */
  private record Case(Computing computing, DataType type) {
    Conversions conversions() {
      return computing.compute().conversions();
    }

    /** Bits of rounded numbers, with what is left over of the last word. */
    int[] round(INDArray numbers) {
      INDArray words = room(NarrowNumbers.words(numbers.length()));
      conversions().round(numbers, type, words);
      return bits(words);
    }

    @Override
    public String toString() {
      return computing + " " + type;
    }
  }

  static Stream<Case> cases() {
    return Stream.of(DataType.BFLOAT16, DataType.HALF)
        .flatMap(
            type ->
                Computing.all()
                    .filter(computing -> computing.type() == DataType.FLOAT)
                    .map(computing -> new Case(computing, type)));
  }

  private static INDArray room(long floats) {
    return Nd4j.valueArrayOf(new long[] {floats}, 0, DataType.FLOAT);
  }

  private static int[] bits(INDArray words) {
    ShortPointer halves = new ShortPointer(words.data().pointer());
    int[] bits = new int[Math.toIntExact(2 * words.length())];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = halves.get(2 * words.offset() + i) & 0xFFFF;
    }
    Reference.reachabilityFence(words);
    return bits;
  }

  /** Floats of all exponents and both signs, and what lies next to where rounding turns. */
  private static float[] numbers() {
    float[] numbers = new float[1 << 17];
    for (int i = 0; i < numbers.length; i++) {
      int bits = i % 2 == 0 ? i * 32_749 : (i << 15) + i % 7 - 3;
      numbers[i] = Float.intBitsToFloat(bits);
    }
    return numbers;
  }

  /** Some of all bits that are no number: with few of them set, or many, or those of hardware. */
  private static float[] notNumbers() {
    float[] none = new float[4096];
    Random random = new Random(3);
    for (int i = 0; i < none.length; i++) {
      int payload = i < 46 ? 1 << i % 23 : i < 92 ? -1 >>> 9 + i % 23 : random.nextInt(1 << 23);
      int sign = i % 2 << 31;
      none[i] = Float.intBitsToFloat(sign | 0x7F800000 | Math.max(1, payload & 0x7FFFFF));
      assertTrue(Float.isNaN(none[i]));
    }
    none[0] = Float.intBitsToFloat(0x7FFFFFFF); // NVIDIA's
    none[1] = Float.intBitsToFloat(0xFFC00000); // x86-64's
    return none;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void numbersAreRoundedToTheSameBits(Case c) {
    float[] numbers = numbers();
    INDArray host = Nd4j.createFromArray(numbers).castTo(c.type());
    ShortPointer expected = new ShortPointer(host.data().pointer());
    int[] actual = c.round(Nd4j.createFromArray(numbers));
    for (int i = 0; i < numbers.length; i++) {
      int place = i;
      if (!Float.isNaN(numbers[i])) {
        assertEquals(expected.get(i) & 0xFFFF, actual[i], () -> "of number " + place);
      }
    }
    Reference.reachabilityFence(host);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void whatIsNotANumberStaysSoAndLeavesOthersAlone(Case c) {
    float[] none = notNumbers();
    float[] numbers = new float[2 * none.length + 1];
    for (int i = 0; i < none.length; i++) {
      numbers[2 * i + 1] = none[i];
    }
    INDArray words = room(NarrowNumbers.words(numbers.length));
    INDArray back = room(numbers.length);
    c.conversions().round(Nd4j.createFromArray(numbers), c.type(), words);
    c.conversions().widen(words, c.type(), back);
    float[] found = back.toFloatVector();
    for (int i = 0; i < found.length; i++) {
      String what = Integer.toHexString(Float.floatToRawIntBits(numbers[i]));
      assertEquals(i % 2 == 1, Float.isNaN(found[i]), what);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void numbersTooLargeToBeSquaredAreRoundedAsOthers(Case c) {
    INDArray numbers = Nd4j.createFromArray(3e38f, 1, Float.POSITIVE_INFINITY, -3e38f);
    INDArray host = numbers.castTo(c.type());
    ShortPointer expected = new ShortPointer(host.data().pointer());
    int[] actual = c.round(numbers);
    for (int i = 0; i < actual.length; i++) {
      assertEquals(expected.get(i) & 0xFFFF, actual[i], "number " + i);
    }
    Reference.reachabilityFence(host);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void allNumbersOf16BitsAreWidenedToTheSameBits(Case c) {
    INDArray host = Nd4j.createUninitialized(c.type(), 1 << 16);
    INDArray words = room(1 << 15);
    ShortPointer halves = new ShortPointer(host.data().pointer());
    ShortPointer same = new ShortPointer(words.data().pointer());
    for (int i = 0; i < 1 << 16; i++) {
      halves.put(i, (short) i);
      same.put(i, (short) i);
    }
    float[] expected = host.castTo(DataType.FLOAT).toFloatVector();
    INDArray numbers = room(1 << 16);
    c.conversions().widen(words, c.type(), numbers);
    float[] actual = numbers.toFloatVector();
    for (int i = 0; i < 1 << 16; i++) {
      assertEquals(expected[i], actual[i], 0, Integer.toHexString(i));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void nothingBesideTheNumbersIsWritten(Case c) {
    for (int count : new int[] {1, 2, 3, 7, 1023, 1024, 1025, 2049}) {
      long words = NarrowNumbers.words(count);
      INDArray around = room(words + 2);
      INDArray numbers = Nd4j.valueArrayOf(new long[] {count}, 1.5, DataType.FLOAT);
      c.conversions().round(numbers, c.type(), NativeArrays.view(around, 1, words));
      int[] bits = bits(around);
      int rounded = c.type() == DataType.HALF ? 0x3E00 : 0x3FC0;
      for (int i = 0; i < bits.length; i++) {
        boolean within = 2 <= i && i < count + 2;
        assertEquals(within ? rounded : 0, bits[i], "of " + count + " at " + i);
      }
      INDArray all = room(count + 2);
      c.conversions()
          .widen(NativeArrays.view(around, 1, words), c.type(), NativeArrays.view(all, 1, count));
      float[] widened = all.toFloatVector();
      for (int i = 0; i < widened.length; i++) {
        assertEquals(i == 0 || i > count ? 0 : 1.5f, widened[i], "of " + count + " at " + i);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void otherTypesAndTooFewWordsAreRefused(Case c) {
    INDArray numbers = room(5);
    INDArray words = room(3);
    assertThrows(
        IllegalArgumentException.class,
        () -> c.conversions().round(numbers, DataType.FLOAT, words));
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> c.conversions().widen(room(2), c.type(), numbers))
            .getMessage();
    assertTrue(
        message.contains("2 numbers of type FLOAT") && message.contains("give it 3"), message);
  }

  @Test
  void onTheHostAnArrayOfTheTypeWillDo() {
    for (DataType type : new DataType[] {DataType.BFLOAT16, DataType.HALF}) {
      INDArray numbers = Nd4j.createFromArray(1, 2.5f, -3, Float.NaN, 0);
      INDArray narrow = Nd4j.createUninitialized(type, 5);
      INDArray back = room(5);
      Conversions conversions = ComputeKinds.of(DataType.FLOAT).open().conversions();
      conversions.round(numbers, type, narrow);
      conversions.widen(narrow, type, back);
      assertArrayEquals(numbers.toFloatVector(), back.toFloatVector());
    }
  }
}
