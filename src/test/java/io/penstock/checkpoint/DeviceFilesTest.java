package io.penstock.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.array.NativeArrays;
import io.penstock.compute.FarDevice;
import io.penstock.nn.Initializer;
import io.penstock.nn.ParameterSpec;
import io.penstock.nn.Parameters;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Files that are written from a device's memory, and read into it. */
class DeviceFilesTest {
  /** More than a chunk, so that what is read comes in pieces. */
  private static final List<ParameterSpec> SPECS =
      List.of(
          new ParameterSpec("w", List.of(300L, 301L), Initializer.scaled(300, 1)),
          new ParameterSpec("b", List.of(7L), Initializer.constant(0.5)));

  private static final Configuration CONF = new Configuration(false);

  @TempDir Path directory;

  private final FarDevice device = new FarDevice();

  private Parameters drawn(long seed) {
    return Parameters.initial(SPECS, seed, 0).movedTo(device);
  }

  private INDArray there(INDArray numbers) {
    return NativeArrays.copy(
        numbers, NativeArrays.array(device, DataType.FLOAT, 'c', numbers.shape()));
  }

  @Test
  void aModelsWeightsAreWrittenAndRead() throws IOException {
    var files = new LayerFiles(new org.apache.hadoop.fs.Path(directory.toUri().toString()), CONF);
    Parameters there = drawn(5);
    files.write(3, there);
    Parameters here = Parameters.zeros(SPECS);
    files.read(3, here);
    assertArrayEquals(there.values(), here.values());
    Parameters again = Parameters.zeros(SPECS, device);
    files.read(3, again);
    assertArrayEquals(there.values(), again.values());
    there.close();
    again.close();
    assertEquals(0, device.bytes());
  }

  @Test
  void numbersThatAreNotFiniteAreNamed() {
    Parameters there = drawn(5);
    NativeArrays.copy(Nd4j.createFromArray(Float.NaN), NativeArrays.view(there.flat(), 90_302, 1));
    var files =
        assertThrows(
            IOException.class,
            () ->
                new LayerFiles(new org.apache.hadoop.fs.Path(directory.toUri().toString()), CONF)
                    .write(3, there));
    assertTrue(files.getMessage().contains("1 of 7 numbers of b"), files::getMessage);
  }

  @Test
  void aCheckpointIsWrittenAndRead() throws IOException {
    StateStore store = new StateStore(directory.toUri().toString(), CONF);
    LayerState state =
        new LayerState(
            drawn(5),
            there(Nd4j.arange(1, 101).castTo(DataType.FLOAT)),
            Optional.of(there(Parameters.initial(SPECS, 6, 0).flat())));
    StateStore.Reader reader = store.reader(store.write(2, state));
    LayerState read =
        new LayerState(
            Parameters.zeros(SPECS, device),
            NativeArrays.zeros(device, DataType.FLOAT, 100),
            Optional.of(NativeArrays.zeros(device, DataType.FLOAT, state.weights().size())));
    reader.weights(2, read.weights());
    reader.besides(2, read);
    assertArrayEquals(state.weights().values(), read.weights().values());
    assertEquals(NativeArrays.onHost(state.optimizer()), NativeArrays.onHost(read.optimizer()));
    assertEquals(NativeArrays.onHost(state.best().get()), NativeArrays.onHost(read.best().get()));
    state.close();
    read.close();
    assertEquals(0, device.bytes());
  }
}
