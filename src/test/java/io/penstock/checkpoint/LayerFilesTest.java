package io.penstock.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.nn.Parameters;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class LayerFilesTest {
  private static final Sequential NETWORK =
      Sequential.input(3)
          .dense(5, Activation.RELU)
          .dense(2)
          .loss(Losses.softmaxCrossEntropy())
          .build();
  private static final String WEIGHTS = "layer-0000-weights.npy";

  @TempDir java.nio.file.Path directory;
  private LayerFiles files;

  @BeforeEach
  void open() throws IOException {
    files = new LayerFiles(new Path(directory.toUri()), new Configuration());
  }

  private static List<Parameters> initial(long seed) {
    List<Parameters> layers = new ArrayList<>();
    for (int layer = 0; layer < NETWORK.layers().size(); layer++) {
      layers.add(Parameters.initial(NETWORK.parameters(layer), seed, layer));
    }
    return layers;
  }

  private void write(List<Parameters> layers) throws IOException {
    for (int layer = 0; layer < layers.size(); layer++) {
      files.write(layer, layers.get(layer));
    }
  }

  private static void assertSame(List<Parameters> wanted, List<Parameters> read) {
    assertEquals(wanted.size(), read.size());
    for (int layer = 0; layer < wanted.size(); layer++) {
      if (wanted.get(layer).size() > 0) {
        assertArrayEquals(
            wanted.get(layer).flat().dup().data().asFloat(),
            read.get(layer).flat().dup().data().asFloat());
      }
    }
  }

  @Test
  void whatIsWrittenIsReadBitForBit() throws IOException {
    List<Parameters> layers = initial(7);
    INDArray weights = layers.get(0).get("weights");
    assertEquals('f', weights.ordering());
    weights.putScalar(1, 2, -0.0f).putScalar(2, 4, Float.MIN_VALUE);
    write(layers);
    assertSame(layers, files.read(NETWORK));
  }

  @Test
  void weightsThatAreNotFiniteAreNeitherWrittenNorRead() throws IOException {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      write(initial(7));
      List<Parameters> layers = initial(8);
      layers.get(0).get("weights").putScalar(1, 2, bad);
      String told = assertThrows(IOException.class, () -> write(layers)).getMessage();
      assertTrue(told.startsWith("Layer 0 is not fit to be kept: 1 of 15 numbers"), told);
      assertSame(initial(7), files.read(NETWORK));
      // Somebody else may have written it.
      Files.write(
          directory.resolve(WEIGHTS), Nd4j.toNpyByteArray(layers.get(0).get("weights").dup('c')));
      Files.deleteIfExists(directory.resolve("." + WEIGHTS + ".crc"));
      told = assertThrows(IOException.class, () -> files.read(NETWORK)).getMessage();
      assertTrue(told.contains(WEIGHTS + " cannot be used: 1 of 15 numbers of weights"), told);
      assertTrue(told.contains("take an earlier one"), told);
    }
  }

  @Test
  void aFileIsAnArrayOfTheParametersShapeInNumPysFormat() throws IOException {
    List<Parameters> layers = initial(7);
    write(layers);
    byte[] bytes = Files.readAllBytes(directory.resolve(WEIGHTS));
    String header = new String(bytes, 0, 80, StandardCharsets.ISO_8859_1);
    assertTrue(header.startsWith("\u0093NUMPY"), header);
    assertTrue(header.contains("'descr': '<f4'"), header);
    assertTrue(header.replace(" ", "").contains("'shape':(3,5)"), header);
    assertEquals(
        layers.get(0).get("weights").getFloat(1, 2),
        Nd4j.createFromNpyFile(directory.resolve(WEIGHTS).toFile()).getFloat(1, 2));
  }

  @Test
  void writingAgainReplacesAndLeavesNothingElse() throws IOException {
    write(initial(7));
    List<Parameters> later = initial(8);
    write(later);
    assertSame(later, files.read(NETWORK));
    assertEquals(
        List.of("layer-0000-bias.npy", WEIGHTS, "layer-0002-bias.npy", "layer-0002-weights.npy"),
        names());
  }

  private List<String> names() {
    return Arrays.stream(directory.toFile().list())
        .filter(name -> !name.endsWith(".crc"))
        .sorted()
        .toList();
  }

  @Test
  void aFailedWriteLeavesTheTargetAsItWas() throws IOException {
    List<Parameters> layers = initial(7);
    write(layers);
    // Where the new file is to be written, a directory stands in the way.
    Files.createDirectories(directory.resolve("." + WEIGHTS + ".writing/in-the-way"));
    assertThrows(IOException.class, () -> files.write(0, initial(8).get(0)));
    assertSame(layers, files.read(NETWORK));
  }

  @Test
  void aMissingFileIsNamed() throws IOException {
    write(initial(7));
    Files.delete(directory.resolve("layer-0002-bias.npy"));
    refused("missing", "layer-0002-bias.npy");
  }

  @Test
  void aFileOfAnotherShapeIsNamedWithBothShapes() throws IOException {
    write(initial(7));
    overwrite(WEIGHTS, Nd4j.toNpyByteArray(Nd4j.zeros(5, 3)));
    refused(WEIGHTS, "[5, 3]", "[3, 5]");
  }

  @Test
  void aFileThatIsCutShortIsNamed() throws IOException {
    write(initial(7));
    byte[] whole = Files.readAllBytes(directory.resolve(WEIGHTS));
    for (int length : new int[] {0, 5, 20, whole.length - 4}) {
      overwrite(WEIGHTS, Arrays.copyOf(whole, length));
      refused(WEIGHTS);
    }
  }

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
            "{\"shape\" : ( 3 , 5 , ) ,\n\"fortran_order\" : False , \"descr\" : \"<f4\" , }  \n")) {
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

  @Test
  void aNetworkThatLiesTakesNoMemory() throws IOException {
    write(initial(7));
    String json = NETWORK.toJson().replaceFirst("\"outputs\":5", "\"outputs\":2147483647");
    Sequential huge = Sequential.fromJson(json);
    IOException thrown = assertThrows(IOException.class, () -> files.read(huge));
    assertTrue(thrown.getMessage().contains("[3, 2147483647]"), thrown.getMessage());
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

  private void overwrite(String name, byte[] bytes) throws IOException {
    Files.write(directory.resolve(name), bytes);
    Files.deleteIfExists(directory.resolve("." + name + ".crc"));
  }

  private void refused(String... fragments) {
    IOException thrown = assertThrows(IOException.class, () -> files.read(NETWORK));
    for (String fragment : fragments) {
      assertTrue(thrown.getMessage().contains(fragment), thrown.getMessage());
    }
  }
}
