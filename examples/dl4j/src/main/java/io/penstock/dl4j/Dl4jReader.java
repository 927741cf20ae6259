package io.penstock.dl4j;

import io.penstock.nn.Loss;
import io.penstock.nn.Shape;
import java.util.Arrays;
import java.util.Set;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.modelimport.keras.preprocessors.TensorFlowCnnToFeedForwardPreProcessor;
import org.deeplearning4j.preprocessors.ReshapePreprocessor;

/**
 * Makes Penstock's networks of DL4J's configurations.
 *
 * @param configuration DL4J's
 * @param loss that of a network without one; null if it is not known
 */
record Dl4jReader(MultiLayerConfiguration configuration, Loss loss) {
  /** What takes rows of one dimension, as many numbers as it has inputs. */
  private static final Set<Class<?>> FLAT = Set.of(DenseLayer.class, OutputLayer.class);

  /**
   * @param input the shape of an input row, channels first; null if the configuration says it
   * @throws UnsupportedLayerException if a layer has no counterpart
   * @throws IllegalArgumentException if the input's shape is needed
   */
  ImportedNetwork read(Shape input) {
    Reading reading = new Reading(input == null ? inputShape() : input);
    int count = configuration.getConfs().size();
    for (int i = 0; i < count; i++) {
      Source source = source(i);
      LayerReader reader = LayerMappings.reader(source);
      readPreprocessor(source, configuration.getInputPreProcess(i), reading);
      DropoutMapping.readInput(source, reading);
      reader.read(source, reading);
    }
    return reading.end(source(count - 1), loss);
  }

  private Source source(int index) {
    return new Source(index, configuration.getConf(index).getLayer());
  }

  /** What the first layer takes; DL4J keeps the size of pictures only where it reshapes rows. */
  private Shape inputShape() {
    if (configuration.getInputPreProcess(0) instanceof FeedForwardToCnnPreProcessor pictures) {
      return Shape.of(
          pictures.getNumChannels(), pictures.getInputHeight(), pictures.getInputWidth());
    }
    for (int i = 0; i < configuration.getConfs().size(); i++) {
      Source source = source(i);
      LayerMappings.reader(source);
      if (source.layer() instanceof FeedForwardLayer layer && layer.getNIn() > 0) {
        if (FLAT.contains(source.layer().getClass())
            && configuration.getInputPreProcess(i) == null) {
          return Shape.of(layer.getNIn());
        }
        break;
      }
    }
    throw new IllegalArgumentException(
        source(0)
            + ": the network does not say what shape its input rows have; give it, with channels"
            + " first, such as read(..., Shape.of(3, 32, 32)).");
  }

  private static void readPreprocessor(
      Source source, InputPreProcessor preprocessor, Reading reading) {
    if (preprocessor == null) {
      return;
    }
    Shape shape = reading.shape();
    if (preprocessor instanceof FeedForwardToCnnPreProcessor pictures
        && source.index() == 0
        && shape.equals(
            Shape.of(
                pictures.getNumChannels(), pictures.getInputHeight(), pictures.getInputWidth()))) {
      return; // Penstock's networks take flat rows of pictures too.
    }
    if (preprocessor instanceof CnnToFeedForwardPreProcessor flatten && shape.rank() == 3) {
      reading.flatten(
          source,
          flatten.getFormat() == CNN2DFormat.NHWC
              || preprocessor instanceof TensorFlowCnnToFeedForwardPreProcessor);
      return;
    }
    if (preprocessor instanceof ReshapePreprocessor && shape.rank() == 1) {
      ReshapePreprocessor reshape = (ReshapePreprocessor) preprocessor;
      if (Arrays.equals(reshape.getInputShape(), reshape.getTargetShape())) {
        return; // Keras's Flatten of what is flat.
      }
    }
    throw source.refuse(
        "Penstock has no counterpart of the preprocessor "
            + preprocessor.getClass().getSimpleName()
            + " of rows of "
            + shape
            + "; it flattens pictures, and takes flat rows of pictures as its input.");
  }
}
