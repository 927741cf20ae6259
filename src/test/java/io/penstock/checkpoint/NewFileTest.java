package io.penstock.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.nn.Parameters;
import io.penstock.nn.network.Sequential;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

class NewFileTest {
  private static final Configuration CONF = new Configuration(false);

  @TempDir Path directory;

  @Test
  void aFileIsMadeWithItsDirectoryAndNothingBesideIt() throws IOException {
    Path file = directory.resolve("a").resolve("b").resolve("c");
    try (OutputStream out =
        NewFile.create(new org.apache.hadoop.fs.Path(file.toUri().toString()), CONF)) {
      out.write(new byte[] {1, 2});
    }
    assertArrayEquals(new byte[] {1, 2}, Files.readAllBytes(file));
    assertArrayEquals(new String[] {"c"}, file.getParent().toFile().list());
  }

  @Test
  void noProcessIsStartedForALayersLocalFiles() throws IOException {
    String place = directory.resolve("store").toUri().toString();
    Parameters weights = Parameters.zeros(Sequential.perceptron(3, 4).parameters(0));
    LayerState state = new LayerState(weights, Nd4j.zeros(DataType.FLOAT, 12), Optional.empty());
    StateStore store = new StateStore(place, CONF); // Hadoop's classes look at the system once
    Path file = directory.resolve("processes.jfr");
    try (Recording recording = new Recording()) {
      recording.enable("jdk.ProcessStart");
      recording.start();
      assertEquals(3, store.write(0, state).size());
      recording.stop();
      recording.dump(file);
    }
    assertEquals(
        List.of(),
        RecordingFile.readAllEvents(file).stream()
            .filter(event -> event.getEventType().getName().equals("jdk.ProcessStart"))
            .map(event -> event.getString("command"))
            .filter(command -> command.contains(directory.toString()))
            .toList());
  }
}
