package io.penstock.dl4j;

import io.penstock.nn.Loss;
import io.penstock.nn.Shape;
import io.penstock.nn.network.Sequential;
import java.io.IOException;
import java.nio.file.Path;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;

/**
 * Reads DL4J's {@link MultiLayerNetwork}s and writes Penstock's networks as such, so that they can
 * be used without Penstock.
 *
 * <p>What is read are layers and weights. How DL4J trains them (updater, learning rate,
 * regularisation, constraints) is not: Penstock's estimators have params for it. What a layer does
 * that has no counterpart is refused, by the layer's name and type.
 *
 * <p>Penstock's rows of pictures are {@code [channels, height, width]}, also where the DL4J network
 * has its channels last. What is written takes them flat, {@code [rows, size]}, as a DataFrame has
 * them, or as {@code [rows, channels, height, width]}. Sequences are {@code [length, width]} and
 * signals {@code [channels, length]}, whatever data format the DL4J network has; what is written
 * takes them so. DL4J's embeddings know no padding: give them no negative ids.
 */
public final class Dl4jNetworks {
  private Dl4jNetworks() {}

  /**
   * Reads a file that DL4J's {@link ModelSerializer} wrote.
   *
   * @throws UnsupportedLayerException if a layer has no counterpart; the message names it
   * @throws IllegalArgumentException if the network does not say the shape of its input rows, or
   *     has no loss; the message says what to give
   * @throws IOException if the file cannot be read
   */
  public static TrainedNetwork read(Path zip) throws IOException {
    return of(restore(zip));
  }

  /**
   * Reads a file that DL4J's {@link ModelSerializer} wrote.
   *
   * @param input the shape of an input row, channels first: {@code [channels, height, width]}
   * @throws UnsupportedLayerException if a layer has no counterpart; the message names it
   * @throws IllegalArgumentException if the network has no loss
   * @throws IOException if the file cannot be read
   */
  public static TrainedNetwork read(Path zip, Shape input) throws IOException {
    return of(restore(zip), input);
  }

  private static MultiLayerNetwork restore(Path zip) throws IOException {
    return ModelSerializer.restoreMultiLayerNetwork(zip.toFile(), false);
  }

  /** A network and its weights, which are copied; throws what {@link #read(Path)} throws. */
  public static TrainedNetwork of(MultiLayerNetwork network) {
    return of(network, null);
  }

  /**
   * A network and its weights, which are copied; throws what {@link #read(Path, Shape)} throws.
   *
   * @param input the shape of an input row, channels first; null if the network says it
   */
  public static TrainedNetwork of(MultiLayerNetwork network, Shape input) {
    return new Dl4jReader(network.getLayerWiseConfigurations(), null)
        .read(input)
        .weightsOf(network);
  }

  /** A description without weights; throws what {@link #read(Path)} throws. */
  public static Sequential of(MultiLayerConfiguration configuration) {
    return of(configuration, null);
  }

  /**
   * A description without weights; throws what {@link #read(Path, Shape)} throws.
   *
   * @param input the shape of an input row, channels first; null if the configuration says it
   */
  public static Sequential of(MultiLayerConfiguration configuration, Shape input) {
    return of(configuration, input, null);
  }

  /**
   * A description without weights; throws what {@link #read(Path, Shape)} throws.
   *
   * @param input the shape of an input row, channels first; null if the configuration says it
   * @param loss the loss of a network that has none
   */
  public static Sequential of(MultiLayerConfiguration configuration, Shape input, Loss loss) {
    return new Dl4jReader(configuration, loss).read(input).network();
  }

  /**
   * The same network in DL4J: with the loss inside, so that its output is {@link
   * TrainedNetwork#predict}.
   *
   * @throws UnsupportedLayerException if a layer or the loss has no counterpart; the message names
   *     it
   */
  public static MultiLayerNetwork network(TrainedNetwork trained) {
    return Dl4jWriter.write(trained);
  }

  /**
   * Writes a file for DL4J's {@link ModelSerializer}. One that is there is replaced.
   *
   * @throws UnsupportedLayerException if a layer or the loss has no counterpart; the message names
   *     it, and nothing is written
   * @throws IOException if the file cannot be written
   */
  public static void write(TrainedNetwork trained, Path zip) throws IOException {
    ModelSerializer.writeModel(network(trained), zip.toFile(), false);
  }
}
