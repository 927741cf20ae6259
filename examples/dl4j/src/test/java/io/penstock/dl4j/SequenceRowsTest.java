package io.penstock.dl4j;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import org.deeplearning4j.nn.modelimport.keras.KerasModelImport;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class SequenceRowsTest {
  @TempDir Path folder;

  @Test
  void kerasPoolsSignalsAlongTheirLength() throws Exception {
    for (String type : new String[] {"GlobalMaxPooling1D", "GlobalAveragePooling1D"}) {
      Path file =
          new KerasFile()
              .input(7, 3)
              .layer(
                  "Conv1D",
                  "conv",
                  "'filters': 4, 'kernel_size': [3], 'strides': [2], 'padding': 'same',"
                      + " 'data_format': 'channels_last', 'dilation_rate': [1], 'groups': 1,"
                      + " 'activation': 'relu', 'use_bias': true, "
                      + KerasFile.initializers(),
                  Map.of("kernel", KerasFile.numbers(3, 3, 4), "bias", KerasFile.numbers(4)))
              .layer(type, "pool", "'data_format': 'channels_last', 'keepdims': false", Map.of())
              .dense("dense", 2, "softmax", KerasFile.numbers(4, 2), KerasFile.numbers(2))
              .write(folder.resolve(type + ".h5"));
      INDArray rows = Nd4j.rand(5, 7, 3);
      INDArray ours = rows.permute(0, 2, 1).dup('c');
      TrainedNetwork here = KerasNetworks.read(file);
      RoundTrip.close(dl4j(file).output(rows), here.predict(ours));
      new RoundTrip(folder).goes(here, ours);
    }
  }

  @Test
  void kerasHasADenseLayerAtEveryStep() throws Exception {
    Path file =
        new KerasFile()
            .input(6, 5)
            .layer(
                "LSTM",
                "lstm",
                KerasFile.lstm(4, true),
                KerasFile.lstmWeights(
                    KerasFile.numbers(5, 16), KerasFile.numbers(4, 16), KerasFile.numbers(16)))
            .dense("dense", 3, "softmax", KerasFile.numbers(4, 3), KerasFile.numbers(3))
            .write(folder.resolve("steps.h5"));
    INDArray rows = Nd4j.rand(2, 6, 5);
    TrainedNetwork here = KerasNetworks.read(file);
    // DL4J leaves steps apart: the first of all rows, the second of all rows, ...
    INDArray said = dl4j(file).output(rows).dup('c').reshape('c', 6, 2, 3).permute(1, 0, 2);
    RoundTrip.close(said, here.predict(rows));
    new RoundTrip(folder).goes(here, rows);
  }

  @Test
  void poolingOfKerasOverStepsIsRefused() {
    Path file =
        new KerasFile()
            .input(6, 5)
            .layer(
                "LSTM",
                "lstm",
                KerasFile.lstm(4, true),
                KerasFile.lstmWeights(
                    KerasFile.numbers(5, 16), KerasFile.numbers(4, 16), KerasFile.numbers(16)))
            .layer("GlobalMaxPooling1D", "pool", "'data_format': 'channels_last'", Map.of())
            .dense("dense", 2, "softmax", KerasFile.numbers(4, 2), KerasFile.numbers(2))
            .write(folder.resolve("pooled.h5"));
    String why =
        assertThrows(UnsupportedLayerException.class, () -> KerasNetworks.read(file)).getMessage();
    assertTrue(why.contains("'pool' (GlobalPoolingLayer)") && why.contains("swaps"), why);
  }

  private static MultiLayerNetwork dl4j(Path file) throws Exception {
    return KerasModelImport.importKerasSequentialModelAndWeights(file.toString(), false);
  }
}
