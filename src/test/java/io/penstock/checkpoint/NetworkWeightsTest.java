package io.penstock.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.nn.Parameters;
import io.penstock.nn.network.Sequential;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetworkWeightsTest {
  private static final Sequential NETWORK = SavedLayers.NETWORK;
  private static final String FIRST = "data/layer-0000-weights.npy";

  @TempDir Path directory;
  private final Configuration conf = new Configuration();
  private final List<Parameters> layers = SavedLayers.initial(7);
  private NetworkWeights held;
  private NetworkWeights stored;

  @BeforeEach
  void write() throws IOException {
    held = NetworkWeights.inMemory(layers);
    held.save(directory.toString(), NETWORK, conf);
    stored = NetworkWeights.stored(directory.toString(), NETWORK, conf);
  }

  private static void assertSame(NetworkWeights wanted, NetworkWeights found) {
    assertEquals(wanted.layers(), found.layers());
    for (int layer = 0; layer <= NETWORK.layers().size(); layer++) {
      assertEquals(wanted.size(layer), found.size(layer));
      assertArrayEquals(wanted.of(layer), found.of(layer));
    }
    assertEquals(wanted.toMap().keySet(), found.toMap().keySet());
    for (int layer = 0; layer < NETWORK.layers().size(); layer++) {
      assertArrayEquals(wanted.of(layer), found.read(NETWORK, layer).values());
    }
  }

  @Test
  void filesHoldWhatIsInMemory() {
    assertEquals(Set.of(0, 2), held.layers());
    assertArrayEquals(layers.get(2).values(), held.of(2));
    assertSame(held, stored);
    assertEquals(Optional.empty(), held.directory());
    assertTrue(stored.directory().orElseThrow().startsWith("file:"), stored.directory().get());
  }

  @Test
  void layersWithoutWeightsMayBeLeftOut() {
    float[] first = layers.get(0).values();
    float[] last = layers.get(2).values();
    assertSame(held, NetworkWeights.inMemory(Map.of(0, first, 2, last)));
  }

  @Test
  void asManyNumbersAsALayerHasAreRead() {
    NetworkWeights few = NetworkWeights.inMemory(Map.of(0, new float[3]));
    String told =
        assertThrows(IllegalArgumentException.class, () -> few.read(NETWORK, 0)).getMessage();
    assertTrue(told.startsWith("Layer 0, Dense") && told.contains("has 20 weights, but 3"), told);
  }

  @Test
  void aReferenceTravelsWithoutTheNumbers() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(stored);
    }
    Object read = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
    assertSame(held, (NetworkWeights) read);
  }

  @Test
  void whatIsSavedFromFilesIsACopyOfThem() throws IOException {
    Path copy = directory.resolve("copy");
    stored.save(copy.toString(), NETWORK, conf);
    Files.delete(directory.resolve(FIRST));
    assertSame(held, NetworkWeights.stored(copy.toString(), NETWORK, conf));
    assertArrayEquals(held.of(2), stored.of(2));
  }

  @Test
  void aFileThatIsGoneIsNamed() throws IOException {
    Files.delete(directory.resolve(FIRST));
    refused(directory.resolve(FIRST) + " is not there", "deleted");
    IOException missing =
        assertThrows(
            IOException.class, () -> NetworkWeights.stored(directory.toString(), NETWORK, conf));
    assertTrue(missing.getMessage().contains(FIRST), missing.getMessage());
  }

  @Test
  void aFileThatWasReplacedIsNamed() throws IOException {
    NetworkWeights other = NetworkWeights.inMemory(SavedLayers.initial(8));
    other.save(directory.toString(), NETWORK, conf);
    // A file system's clock may be too coarse to tell two writes apart.
    Path first = directory.resolve(FIRST);
    FileTime later = FileTime.fromMillis(Files.getLastModifiedTime(first).toMillis() + 5000);
    Files.setLastModifiedTime(first, later);
    refused(first + " is another file by now", "Load the model again");
    assertSame(other, NetworkWeights.stored(directory.toString(), NETWORK, conf));
  }

  private void refused(String... fragments) {
    UncheckedIOException thrown = assertThrows(UncheckedIOException.class, () -> stored.of(0));
    for (String fragment : fragments) {
      assertTrue(thrown.getMessage().contains(fragment), thrown.getMessage());
    }
    assertThrows(UncheckedIOException.class, stored::check);
    assertThrows(UncheckedIOException.class, stored::toMap);
    assertThrows(
        IOException.class, () -> stored.save(directory.resolve("copy").toString(), NETWORK, conf));
  }
}
