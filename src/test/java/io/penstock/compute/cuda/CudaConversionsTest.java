package io.penstock.compute.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.array.NativeArrays;
import java.lang.ref.Reference;
import java.util.Arrays;
import org.bytedeco.javacpp.ShortPointer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Frames of a GPU against those that ND4J makes on the host, on the stand-in. */
class CudaConversionsTest {
  private CudaDevice device;
  private StreamLauncher launcher;
  private CudaConversions conversions;

  @BeforeEach
  void open() {
    StandIn.fresh();
    device = StandIn.device();
    launcher = new StreamLauncher(device);
    conversions = new CudaConversions(launcher);
  }

  @AfterEach
  void close() {
    if (launcher != null) {
      launcher.clear();
    }
  }

  private INDArray room(long floats) {
    return NativeArrays.array(device, DataType.FLOAT, 'c', floats);
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

  private int[] frame(float[] numbers, DataType type) {
    INDArray frame = room(CudaConversions.floats(numbers.length));
    conversions.round(launcher.upload(0, numbers), type, frame);
    float[] words = launcher.download(frame);
    int[] halves = new int[2 * words.length];
    for (int i = 0; i < halves.length; i++) {
      halves[i] = Float.floatToRawIntBits(words[i / 2]) >>> 16 * (i % 2) & 0xFFFF;
    }
    return halves;
  }

  @ParameterizedTest
  @EnumSource(names = {"BFLOAT16", "HALF"})
  void numbersAreRoundedToTheBitsOfTheHost(DataType type) {
    float[] numbers = numbers();
    INDArray host = Nd4j.createFromArray(numbers).castTo(type);
    ShortPointer expected = new ShortPointer(host.data().pointer());
    int[] actual = frame(numbers, type);
    for (int i = 0; i < numbers.length; i++) {
      if (!Float.isNaN(numbers[i])) {
        assertEquals(expected.get(i) & 0xFFFF, actual[i], numbers[i] + ", number " + i);
      }
    }
    Reference.reachabilityFence(host);
  }

  /** ND4J's bfloat16 of the first two would be infinite, and zero. */
  @ParameterizedTest
  @EnumSource(names = {"BFLOAT16", "HALF"})
  void whatIsNotANumberStaysSo(DataType type) {
    for (int bits : new int[] {0x7F800001, 0x7FFFFFFF, 0xFFFFFFFF, 0x7FC00000, 0xFF801000}) {
      float[] one = {Float.intBitsToFloat(bits)};
      INDArray frame = room(1);
      INDArray back = room(1);
      conversions.round(launcher.upload(0, one), type, frame);
      conversions.widen(frame, type, back);
      assertTrue(Float.isNaN(launcher.download(back)[0]), Integer.toHexString(bits));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"BFLOAT16", "HALF"})
  void allNumbersOf16BitsAreWidenedToTheBitsOfTheHost(DataType type) {
    INDArray host = Nd4j.createUninitialized(type, 1 << 16);
    ShortPointer halves = new ShortPointer(host.data().pointer());
    float[] words = new float[1 << 15];
    for (int i = 0; i < 1 << 16; i++) {
      halves.put(i, (short) i);
      words[i / 2] = Float.intBitsToFloat(i << 16 | i - 1);
    }
    float[] expected = host.castTo(DataType.FLOAT).toFloatVector();
    INDArray numbers = room(1 << 16);
    conversions.widen(launcher.upload(0, words), type, numbers);
    float[] actual = launcher.download(numbers);
    for (int i = 0; i < 1 << 16; i++) {
      assertEquals(expected[i], actual[i], 0, Integer.toHexString(i));
    }
  }

  @Test
  void anOddNumberLeavesHalfAWordZeroAndNothingElseIsWritten() {
    for (int count : new int[] {1, 2, 3, 7, 1023, 1024, 1025, 2049}) {
      float[] numbers = new float[count];
      Arrays.fill(numbers, 1.5f);
      int[] frame = frame(numbers, DataType.BFLOAT16);
      assertEquals(count + count % 2, frame.length);
      for (int i = 0; i < frame.length; i++) {
        assertEquals(i < count ? 0x3FC0 : 0, frame[i], "of " + count + " at " + i);
      }
      INDArray all = launcher.upload(1, new float[count + 2]);
      conversions.widen(
          launcher.upload(0, words(frame)), DataType.BFLOAT16, NativeArrays.view(all, 1, count));
      float[] widened = launcher.download(all);
      for (int i = 0; i < widened.length; i++) {
        assertEquals(i == 0 || i > count ? 0 : 1.5f, widened[i], "of " + count + " at " + i);
      }
    }
  }

  private static float[] words(int[] halves) {
    float[] words = new float[halves.length / 2];
    for (int i = 0; i < words.length; i++) {
      words[i] = Float.intBitsToFloat(halves[2 * i] | halves[2 * i + 1] << 16);
    }
    return words;
  }

  @Test
  void otherTypesAndFramesOfAnotherSizeAreRefused() {
    INDArray numbers = room(5);
    INDArray frame = room(3);
    assertThrows(
        IllegalArgumentException.class, () -> conversions.round(numbers, DataType.FLOAT, frame));
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> conversions.widen(room(2), DataType.HALF, numbers))
            .getMessage();
    assertTrue(message.contains("2 floats") && message.contains("give it 3"), message);
  }
}
