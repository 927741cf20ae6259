package io.penstock.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.nn.Layer;
import io.penstock.nn.Shape;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.layer.ActivationLayer;
import io.penstock.nn.loss.Losses;
import java.nio.file.Path;
import java.util.Map;
import org.deeplearning4j.nn.modelimport.keras.KerasModelImport;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class KerasNetworksTest {
  @TempDir Path folder;

  @Test
  void picturesWithChannelsLastSayWhatDl4jsImportSays() throws Exception {
    Path file =
        pictures(
                new KerasFile()
                    .input(6, 5, 2)
                    .layer(
                        "Conv2D",
                        "conv",
                        KerasFile.conv(4, "[3, 2]", "same", "relu"),
                        Map.of(
                            "kernel", KerasFile.numbers(3, 2, 2, 4), "bias", KerasFile.numbers(4))))
            .write(folder.resolve("pictures.h5"));
    TrainedNetwork here = KerasNetworks.read(file);
    INDArray rows = Nd4j.rand(4, 6, 5, 2);
    MultiLayerNetwork there = dl4j(file);
    INDArray ours = rows.permute(0, 3, 1, 2).dup('c');
    RoundTrip.close(there.output(rows), here.predict(ours));
    assertEquals(Losses.softmaxCrossEntropy().smoothed(0.1), here.network().loss());
    new RoundTrip(folder).goes(here.withLoss(Losses.softmaxCrossEntropy()), ours);
  }

  /** Behind a flatten of channels last, so that no order can be mistaken for another. */
  private static KerasFile pictures(KerasFile file) {
    return file.layer(
            "BatchNormalization",
            "norm",
            "'axis': [3], 'momentum': 0.99, 'epsilon': 0.001, 'center': true, 'scale': true",
            Map.of(
                "gamma", KerasFile.numbers(4),
                "beta", KerasFile.numbers(4),
                "moving_mean", KerasFile.numbers(4),
                "moving_variance", KerasFile.numbers(4)))
        .layer(
            "MaxPooling2D",
            "pool",
            "'pool_size': [2, 2], 'padding': 'valid', 'strides': [2, 2], 'data_format':"
                + " 'channels_last'",
            Map.of())
        .layer("Dropout", "drop", "'rate': 0.25, 'noise_shape': null, 'seed': null", Map.of())
        .layer("Flatten", "flatten", "'data_format': 'channels_last'", Map.of())
        .dense("dense", 5, "relu", KerasFile.numbers(3 * 2 * 4, 5), KerasFile.numbers(5))
        .dense("dense_1", 3, "softmax", KerasFile.numbers(5, 3), KerasFile.numbers(3))
        .compiled(
            "{'class_name': 'CategoricalCrossentropy', 'config': {'from_logits': false,"
                + " 'label_smoothing': 0.1}}");
  }

  @Test
  void geluIsKerass() throws Exception {
    INDArray one = Nd4j.ones(1, 1);
    Path file =
        new KerasFile()
            .input(1)
            .dense("dense", 1, "gelu", one, Nd4j.zeros(1))
            .layer("Activation", "again", "'activation': 'gelu'", Map.of())
            .dense("dense_1", 1, "linear", one, Nd4j.zeros(1))
            .compiled("'mse'")
            .write(folder.resolve("gelu.h5"));
    TrainedNetwork read = KerasNetworks.read(file);
    Layer gelu = new ActivationLayer(Activation.GELU);
    assertEquals(gelu, read.network().layers().get(1));
    assertEquals(gelu, read.network().layers().get(2));
    // PyTorch's gelu of 0.5, and of that.
    double y = 0.21961803521304835;
    INDArray row = Nd4j.createFromArray(new float[][] {{0.5f}});
    assertEquals(y, read.predict(row).getDouble(0), 1e-6);
  }

  @Test
  void sequencesOfIdsSayWhatDl4jsImportSays() throws Exception {
    Path file =
        ids(new KerasFile().input(6), 6)
            .layer(
                "LSTM",
                "lstm_1",
                KerasFile.lstm(3, false),
                KerasFile.lstmWeights(
                    KerasFile.numbers(4, 12), KerasFile.numbers(3, 12), KerasFile.numbers(12)))
            .dense("dense", 1, "sigmoid", KerasFile.numbers(3, 1), KerasFile.numbers(1))
            .compiled("'binary_crossentropy'")
            .write(folder.resolve("ids.h5"));
    INDArray rows = Nd4j.createFromArray(new float[][] {{0, 8, 3, 3, 1, 2}, {7, 1, 0, 2, 8, 8}});
    TrainedNetwork here = KerasNetworks.read(file);
    RoundTrip.close(dl4j(file).output(rows), here.predict(rows));
    assertEquals(Losses.sigmoidCrossEntropy(), here.network().loss());
    new RoundTrip(folder).goes(here, rows);
  }

  @Test
  void openLengthIsGiven() throws Exception {
    Path file =
        ids(new KerasFile().input((Integer) null), null)
            .layer(
                "LSTM",
                "lstm_1",
                KerasFile.lstm(3, false),
                KerasFile.lstmWeights(
                    KerasFile.numbers(4, 12), KerasFile.numbers(3, 12), KerasFile.numbers(12)))
            .dense("dense", 2, "softmax", KerasFile.numbers(3, 2), KerasFile.numbers(2))
            .write(folder.resolve("open.h5"));
    INDArray rows = Nd4j.createFromArray(new float[][] {{0, 8, 3}, {7, 1, 0}});
    String why = refused(file);
    assertTrue(why.contains("'input_1' (InputLayer)") && why.contains("Shape.of"), why);
    TrainedNetwork here = KerasNetworks.read(file, Shape.of(3), null);
    RoundTrip.close(dl4j(file).output(rows), here.predict(rows));
  }

  private static KerasFile ids(KerasFile file, Integer length) {
    return file.layer(
            "Embedding",
            "embedding",
            "'input_dim': 9, 'output_dim': 5, 'embeddings_initializer': {'class_name':"
                + " 'RandomUniform', 'config': {'minval': -0.05, 'maxval': 0.05, 'seed': null}},"
                + " 'embeddings_regularizer': null, 'activity_regularizer': null,"
                + " 'embeddings_constraint': null, 'mask_zero': false, 'input_length': "
                + length,
            Map.of("embeddings", KerasFile.numbers(9, 5)))
        .layer(
            "LSTM",
            "lstm",
            KerasFile.lstm(4, true),
            KerasFile.lstmWeights(
                KerasFile.numbers(5, 16), KerasFile.numbers(4, 16), KerasFile.numbers(16)));
  }

  @Test
  void flattenedSequencesSayWhatDl4jsImportSays() throws Exception {
    Path file =
        new KerasFile()
            .input(6, 5)
            .layer(
                "LSTM",
                "lstm",
                KerasFile.lstm(4, true),
                KerasFile.lstmWeights(
                    KerasFile.numbers(5, 16), KerasFile.numbers(4, 16), KerasFile.numbers(16)))
            .layer("Flatten", "flatten", "'data_format': 'channels_last'", Map.of())
            .dense("dense", 2, "linear", KerasFile.numbers(24, 2), KerasFile.numbers(2))
            .compiled("{'class_name': 'Huber', 'config': {'delta': 2.0}}")
            .write(folder.resolve("sequences.h5"));
    INDArray rows = Nd4j.rand(3, 6, 5);
    TrainedNetwork here = KerasNetworks.read(file);
    RoundTrip.close(dl4j(file).output(rows), here.predict(rows));
    assertEquals(Losses.huber(2), here.network().loss());
  }

  @Test
  void fileThatIsNotHdf5IsRefused() throws Exception {
    Path file = folder.resolve("model.keras");
    java.nio.file.Files.writeString(file, "PK no HDF5");
    String why = refused(file);
    assertTrue(why.contains("model.keras"), why);
  }

  private static String refused(Path file) {
    return assertThrows(IllegalArgumentException.class, () -> KerasNetworks.read(file))
        .getMessage();
  }

  private static MultiLayerNetwork dl4j(Path file) throws Exception {
    return KerasModelImport.importKerasSequentialModelAndWeights(file.toString(), false);
  }
}
