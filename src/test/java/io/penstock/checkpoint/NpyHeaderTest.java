package io.penstock.checkpoint;

import io.penstock.nn.Parameters;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

/** Files that other programs have written, or that lie. */
class NpyHeaderTest extends SavedLayers {
  @Test
  void aFileThatIsNotNumPysIsNamed() throws IOException {
    write(initial(7));
    overwrite(
        WEIGHTS,
        "version https://git-lfs.github.com/spec/v1, not the array"
            .getBytes(StandardCharsets.UTF_8));
    refused(WEIGHTS, "NumPy");
  }

  @Test
  void everyOrderAndTypeOfFloatsIsReadRight() throws IOException {
    List<Parameters> layers = initial(7);
    layers.get(0).get("weights").assign(Nd4j.createFromArray(VALUES));
    write(layers);
    for (String type : List.of("<f2", ">f2", "<f4", ">f4", "<f8", ">f8")) {
      for (boolean byColumns : new boolean[] {false, true}) {
        for (int version = 1; version <= 3; version++) {
          String header =
              "{'descr': '%s', 'fortran_order': %s, 'shape': (3, 5), }"
                  .formatted(type, byColumns ? "True" : "False");
          overwrite(WEIGHTS, npy(version, header, numbers(type, byColumns)));
          assertSame(layers, files.read(NETWORK));
        }
      }
    }
  }

  @Test
  void anyFormOfAPythonDictionaryIsRead() throws IOException {
    List<Parameters> layers = initial(7);
    layers.get(0).get("weights").assign(Nd4j.createFromArray(VALUES));
    write(layers);
    for (String header :
        List.of(
            "{'descr':'<f4','fortran_order':False,'shape':(3,5)}",
            "{\"shape\" : ( 3 , 5 , ) ,\n"
                + "\"fortran_order\" : False , \"descr\" : \"<f4\" , }  \n")) {
      overwrite(WEIGHTS, npy(1, header, numbers("<f4", false)));
      assertSame(layers, files.read(NETWORK));
    }
  }

  @Test
  void aHeaderThatIsNoneIsRefusedWithAMessage() throws IOException {
    write(initial(7));
    for (String header :
        List.of(
            "",
            "{",
            "{'descr': '<f4', '(': 1, 'fortran_order': False, 'shape': (3, 5)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': 3, 5}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (15)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (3, -5)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 5.0)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (3 5)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (, )}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (18446744073709551619, 5)}",
            "{'descr': '<f4', 'fortran_order': 0, 'shape': (3, 5)}",
            "{'descr': '<f4', 'fortran_order': false, 'shape': (3, 5)}",
            "{'descr': '<f4', 'shape': (3, 5)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 5), 'shape': (3, 5)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 5)} {}",
            "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (3, 5)}")) {
      overwrite(WEIGHTS, npy(1, header, numbers("<f4", false)));
      refused(WEIGHTS, "header", "numpy.save");
    }
    for (String type : List.of("|f4", "<i4", "<c8", "<f3", "<f16", "|O", "f4", "<f4x")) {
      String header = "{'descr': '%s', 'fortran_order': False, 'shape': (3, 5)}".formatted(type);
      overwrite(WEIGHTS, npy(1, header, numbers("<f4", false)));
      refused(WEIGHTS, "'" + type + "'", "<f4");
    }
  }

  @Test
  void aHeaderThatLiesAboutItsSizeIsRefused() throws IOException {
    write(initial(7));
    String half = "{'descr': '<f4', 'fortran_order': False, 'shape': ";
    // Sizes whose product wraps around to that of the file.
    for (String shape : List.of("(4294967296, 4294967296)", "(3, 6148914691236517210)", "(0, 5)")) {
      overwrite(WEIGHTS, npy(1, half + shape + "}", new byte[0]));
      refused(WEIGHTS);
    }
    byte[] whole = npy(2, half + "(3, 5)}", numbers("<f4", false));
    whole[11] = (byte) 0xff; // a header of 4 GiB
    overwrite(WEIGHTS, whole);
    refused(WEIGHTS, "header", "bytes");
    for (int version : new int[] {0, 4, 255}) {
      byte[] other = npy(1, half + "(3, 5)}", numbers("<f4", false));
      other[6] = (byte) version;
      overwrite(WEIGHTS, other);
      refused(WEIGHTS, "version " + version + ".0");
    }
  }

  private static final float[][] VALUES = new float[3][5];

  static {
    // All of them halves too.
    float[] some = {0, -0f, 1, -2, 0.5f, 65504, -0.125f, 0x1p-14f, 0x1p-24f, 3 * 0x1p-24f};
    for (int i = 0; i < 15; i++) {
      VALUES[i / 5][i % 5] = some[i % some.length] * (i < some.length ? 1 : -1);
    }
  }

  private static byte[] numbers(String type, boolean byColumns) {
    ByteBuffer out = ByteBuffer.allocate(15 * (type.charAt(2) - '0'));
    out.order(type.startsWith("<") ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    for (int i = 0; i < 15; i++) {
      float value = byColumns ? VALUES[i % 3][i / 3] : VALUES[i / 5][i % 5];
      switch (type.charAt(2)) {
        case '2' -> out.putShort(half(value));
        case '4' -> out.putFloat(value);
        default -> out.putDouble(value);
      }
    }
    return out.array();
  }

  /** By trying all. */
  private static short half(float value) {
    int sign = Float.floatToRawIntBits(value) < 0 ? 0x8000 : 0;
    for (int bits = 0; bits < 0x7c00; bits++) {
      int exponent = bits >> 10;
      double size =
          exponent == 0
              ? (bits & 1023) * 0x1p-24
              : (1024 + (bits & 1023)) * Math.pow(2, exponent - 25);
      if (size == Math.abs(value)) {
        return (short) (sign | bits);
      }
    }
    throw new IllegalArgumentException(value + " is no half");
  }

  private static byte[] npy(int version, String header, byte[] numbers) {
    ByteBuffer out = ByteBuffer.allocate(header.length() + numbers.length + 12);
    out.order(ByteOrder.LITTLE_ENDIAN).put((byte) 0x93).put("NUMPY".getBytes());
    out.put((byte) version).put((byte) 0);
    if (version == 1) {
      out.putShort((short) header.length());
    } else {
      out.putInt(header.length());
    }
    out.put(header.getBytes(StandardCharsets.ISO_8859_1)).put(numbers);
    return Arrays.copyOf(out.array(), out.position());
  }
}
