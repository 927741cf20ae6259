package io.penstock.dl4j;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KerasLayerConfigTest {
  @TempDir Path folder;

  @Test
  void whatHasNoCounterpartIsNamed() throws Exception {
    for (Map.Entry<String, KerasFile> wrong :
        Map.of(
                "'gru' (GRU)",
                    new KerasFile().input(6, 5).layer("GRU", "gru", "'units': 3", Map.of()),
                "'ids' (Embedding)",
                    new KerasFile()
                        .input(6)
                        .layer("Embedding", "ids", "'mask_zero': true", Map.of()),
                "'back' (LSTM)",
                    new KerasFile()
                        .input(6, 5)
                        .layer("LSTM", "back", "'go_backwards': true", Map.of()),
                "'flat' (Flatten)",
                    new KerasFile()
                        .input(2, 6, 5)
                        .layer("MaxPooling2D", "pool", "'data_format': 'channels_first'", Map.of())
                        .layer("Flatten", "flat", "'data_format': 'channels_first'", Map.of()),
                "'norm' (BatchNormalization)",
                    new KerasFile()
                        .input(6, 5, 2)
                        .layer("BatchNormalization", "norm", "'axis': [1]", Map.of()),
                "Keras 3.4.1", new KerasFile().input(4).version("3.4.1"))
            .entrySet()) {
      String why = refused(wrong.getValue().write(folder.resolve("wrong.h5")));
      assertTrue(why.contains(wrong.getKey()), why);
    }
  }

  private static String refused(Path file) {
    return assertThrows(IllegalArgumentException.class, () -> KerasNetworks.read(file))
        .getMessage();
  }
}
