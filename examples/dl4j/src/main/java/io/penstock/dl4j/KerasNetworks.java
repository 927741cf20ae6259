package io.penstock.dl4j;

import io.penstock.nn.Loss;
import io.penstock.nn.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.hdf5.H5File;
import org.deeplearning4j.nn.modelimport.keras.KerasModel;
import org.deeplearning4j.nn.modelimport.keras.exceptions.InvalidKerasConfigurationException;
import org.deeplearning4j.nn.modelimport.keras.exceptions.UnsupportedKerasConfigurationException;
import org.deeplearning4j.nn.modelimport.keras.utils.KerasModelBuilder;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/**
 * Reads sequential models of Keras 2 from HDF5 files ({@code model.save("model.h5")}), by DL4J's
 * import.
 *
 * <p>Keras's pictures and signals usually have their channels last, Penstock's have them first:
 * give rows as {@code [channels, height, width]} or {@code [channels, length]}. Weights behind a
 * flatten layer are brought into that order. Sequences are {@code [length, width]} in both. The
 * optimizer is not read.
 */
public final class KerasNetworks {
  private KerasNetworks() {}

  /**
   * Reads a model with the loss that it was compiled with, or, if it was saved without one and ends
   * with softmax, softmax cross-entropy.
   *
   * @throws UnsupportedLayerException if a layer has no counterpart; the message names it
   * @throws IllegalArgumentException if the file is not of Keras 2, the model is not sequential, or
   *     its loss is not known or not one of Penstock's; the message says what to do
   * @throws IOException if the file cannot be read
   */
  public static TrainedNetwork read(Path hdf5) throws IOException {
    return read(hdf5, null);
  }

  /**
   * Reads a model.
   *
   * @param loss in place of the model's; null for the model's
   * @throws UnsupportedLayerException if a layer has no counterpart; the message names it
   * @throws IllegalArgumentException if the file is not of Keras 2 or the model is not sequential
   * @throws IOException if the file cannot be read
   */
  public static TrainedNetwork read(Path hdf5, Loss loss) throws IOException {
    return read(hdf5, null, loss);
  }

  /**
   * Reads a model that leaves the length of its input open.
   *
   * @param input the shape of an input row, channels first; null for the model's
   * @param loss in place of the model's; null for the model's
   * @throws UnsupportedLayerException if a layer has no counterpart; the message names it
   * @throws IllegalArgumentException if the file is not of Keras 2 or the model is not sequential
   * @throws IOException if the file cannot be read
   */
  public static TrainedNetwork read(Path hdf5, Shape input, Loss loss) throws IOException {
    try {
      return convert(hdf5, input, loss);
    } catch (InvalidKerasConfigurationException | UnsupportedKerasConfigurationException e) {
      throw new IllegalArgumentException(
          "DL4J cannot read the Keras model " + hdf5 + ": " + e.getMessage(), e);
    }
  }

  private static TrainedNetwork convert(Path hdf5, Shape input, Loss given)
      throws IOException,
          InvalidKerasConfigurationException,
          UnsupportedKerasConfigurationException {
    if (Files.isRegularFile(hdf5) && !H5File.isHdf5(hdf5.toString())) {
      throw new IllegalArgumentException(
          hdf5 + " is not an HDF5 file; save the Keras model as .h5, not as .keras or a folder.");
    }
    KerasModelBuilder builder = new KerasModel().modelBuilder();
    try (builder) {
      builder.modelHdf5Filename(hdf5.toString()).enforceTrainingConfig(false);
      KerasConfig config = KerasConfig.of(builder.getModelJson(), builder.getTrainingJson());
      config.check();
      Shape rows = input == null ? config.input() : input;
      Loss loss = given == null ? config.loss().orElse(null) : given;
      builder.setModelJson(config.withoutGelu(builder.getModelJson()));
      MultiLayerNetwork network = builder.buildSequential().getMultiLayerNetwork(true);
      return new Dl4jReader(network.getLayerWiseConfigurations(), loss, config.gelus())
          .read(rows)
          .weightsOf(network);
    }
  }
}
