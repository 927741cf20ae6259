package io.penstock.dl4j;

import io.penstock.nn.Loss;
import io.penstock.nn.Shape;
import io.penstock.nn.layer.Activation;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToRnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.modelimport.keras.preprocessors.TensorFlowCnnToFeedForwardPreProcessor;
import org.deeplearning4j.preprocessors.KerasFlattenRnnPreprocessor;
import org.deeplearning4j.preprocessors.ReshapePreprocessor;

/**
 * Makes Penstock's networks of DL4J's configurations.
 *
 * @param configuration DL4J's
 * @param loss that of a network without one; null if it is not known
 * @param activations by names of layers, those that DL4J does not have: it thinks them linear
 */
record Dl4jReader(
    MultiLayerConfiguration configuration, Loss loss, Map<String, Activation> activations) {
  /** What takes rows of one dimension, as many numbers as it has inputs. */
  private static final Set<Class<?>> FLAT =
      Set.of(DenseLayer.class, OutputLayer.class, EmbeddingLayer.class);

  /** A reader of what DL4J wrote. */
  Dl4jReader(MultiLayerConfiguration configuration, Loss loss) {
    this(configuration, loss, Map.of());
  }

  /**
   * @param input the shape of an input row, channels first; null if the configuration says it
   * @throws UnsupportedLayerException if a layer has no counterpart
   * @throws IllegalArgumentException if the input's shape is needed
   */
  ImportedNetwork read(Shape input) {
    Reading reading = new Reading(input == null ? inputShape() : input, activations);
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
      if (source.layer() instanceof EmbeddingSequenceLayer ids && length(ids) > 0) {
        return Shape.of(length(ids));
      }
      if (source.layer() instanceof FeedForwardLayer layer && layer.getNIn() > 0) {
        if (FLAT.contains(source.layer().getClass())
            && configuration.getInputPreProcess(i) == null) {
          return Shape.of(layer instanceof EmbeddingLayer ? 1 : layer.getNIn());
        }
        break;
      }
    }
    throw new IllegalArgumentException(
        source(0)
            + ": the network does not say what shape its input rows have; give it, with channels"
            + " first, such as read(..., Shape.of(3, 32, 32)), or Shape.of(20, 8) for sequences of"
            + " 20 vectors.");
  }

  /** How many ids it takes; 0 if it does not say. */
  private static int length(EmbeddingSequenceLayer ids) {
    int length = ids.getInputLength();
    return ids.isInferInputLength() && length == 1 ? 0 : length;
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
    if (preprocessor instanceof RnnToFeedForwardPreProcessor split && shape.rank() < 3) {
      if (shape.rank() == 2) {
        reading.expect(source, Axes.SEQUENCE, SequenceRows.format(split.getRnnDataFormat()));
        reading.stepByStep(true);
      }
      return; // DL4J leaves flat rows alone, and puts it behind its global pooling.
    }
    if (preprocessor instanceof FeedForwardToRnnPreProcessor && reading.rows().stepByStep()) {
      reading.stepByStep(false);
      return;
    }
    if (preprocessor instanceof KerasFlattenRnnPreprocessor && shape.rank() == 2) {
      reading.flattenSteps(source);
      return;
    }
    if (preprocessor instanceof ReshapePreprocessor reshape && flattens(reshape, shape)) {
      if (shape.rank() == 2) {
        reading.flattenSteps(source);
      }
      return; // Keras's Flatten of what is flat.
    }
    throw source.refuse(
        "Penstock has no counterpart of the preprocessor "
            + preprocessor.getClass().getSimpleName()
            + " of rows of "
            + shape
            + "; it flattens pictures and sequences, and takes flat rows of pictures as its"
            + " input.");
  }

  private static boolean flattens(ReshapePreprocessor reshape, Shape shape) {
    long[] target = reshape.getTargetShape();
    int first = reshape.isHasMiniBatchDimension() ? 1 : 0;
    return shape.rank() < 3 && target.length == first + 1 && target[first] == shape.size();
  }
}
