package io.penstock.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunManifestTest {
  private static final RunManifest MANIFEST =
      new RunManifest(
          RunManifest.VERSION,
          "run",
          "3 stages",
          List.of("avx2"),
          new RunIdentity(
              "{}",
              "{}",
              7,
              30,
              4,
              2,
              "float32",
              "float32",
              null,
              9,
              "none",
              null,
              new RunIdentity.Rows(90, 18, 5)),
          new TrainingState(
              1,
              2,
              5,
              0.25,
              12,
              TrainingState.Stopping.START,
              0,
              0,
              new double[] {1.5, Double.NaN}),
          List.of(new FileSum("data/layer-0000-weights.npy", 256, 4711)),
          new ObjectMapper().createArrayNode());

  private static final Configuration CONF = new Configuration(false);

  @TempDir Path directory;

  private Path written() throws IOException {
    MANIFEST.write(directory.toString(), CONF);
    return directory.resolve(RunManifest.NAME);
  }

  private Optional<RunManifest> read() throws IOException {
    return RunManifest.read(directory.toString(), CONF);
  }

  /** Behind the file system's own sums, where it has such. */
  private void replace(Path file, byte[] bytes) throws IOException {
    Files.deleteIfExists(directory.resolve("." + RunManifest.NAME + ".crc"));
    Files.write(file, bytes);
  }

  @Test
  void whatWasWrittenIsRead() throws IOException {
    written();
    RunManifest read = read().orElseThrow();
    assertEquals(MANIFEST.identity(), read.identity());
    assertEquals(MANIFEST.files(), read.files());
    assertEquals(5, read.state().step());
    assertTrue(Arrays.equals(MANIFEST.state().stepLosses(), read.state().stepLosses()));
  }

  @Test
  void theFileIsJsonForOthersToRead() throws IOException {
    JsonNode json = new ObjectMapper().readTree(written().toFile());
    assertEquals(5, json.get("manifest").get("state").get("step").asInt());
    assertTrue(json.get("crc32c").asText().matches("[0-9a-f]{8}"), json.toString());
  }

  @Test
  void noByteOfItChangesUntold() throws IOException {
    Path file = written();
    byte[] whole = Files.readAllBytes(file);
    for (int at = 0; at < whole.length; at++) {
      byte[] changed = whole.clone();
      changed[at] ^= (byte) (1 << at % Byte.SIZE);
      replace(file, changed);
      IOException told = assertThrows(IOException.class, this::read, "byte " + at);
      assertTrue(told.getMessage().contains(RunManifest.NAME + " cannot be used: "), "byte " + at);
    }
  }

  @Test
  void aPartOfItIsNone() throws IOException {
    Path file = written();
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length += 7) {
      replace(file, Arrays.copyOf(whole, length));
      assertThrows(IOException.class, this::read);
    }
  }
}
