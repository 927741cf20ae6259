package io.penstock.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.nn.Parameters;
import io.penstock.nn.network.Sequential;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class LayerFilesTest extends SavedLayers {
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
  void aNetworkThatLiesTakesNoMemory() throws IOException {
    write(initial(7));
    String json = NETWORK.toJson().replaceFirst("\"outputs\":5", "\"outputs\":2147483647");
    Sequential huge = Sequential.fromJson(json);
    IOException thrown = assertThrows(IOException.class, () -> files.read(huge));
    assertTrue(thrown.getMessage().contains("[3, 2147483647]"), thrown.getMessage());
  }
}
