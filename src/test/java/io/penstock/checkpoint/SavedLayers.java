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
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Layers of a small network, in files of a folder that a test has to itself. */
abstract class SavedLayers {
  static final Sequential NETWORK =
      Sequential.input(3)
          .dense(5, Activation.RELU)
          .dense(2)
          .loss(Losses.softmaxCrossEntropy())
          .build();
  static final String WEIGHTS = "layer-0000-weights.npy";

  @TempDir java.nio.file.Path directory;
  LayerFiles files;

  @BeforeEach
  void open() throws IOException {
    files = new LayerFiles(new Path(directory.toUri()), new Configuration());
  }

  static List<Parameters> initial(long seed) {
    List<Parameters> layers = new ArrayList<>();
    for (int layer = 0; layer < NETWORK.layers().size(); layer++) {
      layers.add(Parameters.initial(NETWORK.parameters(layer), seed, layer));
    }
    return layers;
  }

  void write(List<Parameters> layers) throws IOException {
    for (int layer = 0; layer < layers.size(); layer++) {
      files.write(layer, layers.get(layer));
    }
  }

  static void assertSame(List<Parameters> wanted, List<Parameters> read) {
    assertEquals(wanted.size(), read.size());
    for (int layer = 0; layer < wanted.size(); layer++) {
      if (wanted.get(layer).size() > 0) {
        assertArrayEquals(
            wanted.get(layer).flat().dup().data().asFloat(),
            read.get(layer).flat().dup().data().asFloat());
      }
    }
  }

  void overwrite(String name, byte[] bytes) throws IOException {
    Files.write(directory.resolve(name), bytes);
    Files.deleteIfExists(directory.resolve("." + name + ".crc"));
  }

  void refused(String... fragments) {
    IOException thrown = assertThrows(IOException.class, () -> files.read(NETWORK));
    for (String fragment : fragments) {
      assertTrue(thrown.getMessage().contains(fragment), thrown.getMessage());
    }
  }
}
