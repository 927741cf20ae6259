package io.penstock.dl4j;

import io.penstock.Amount;
import io.penstock.ml.PipelineParallelClassificationModel;
import io.penstock.nn.Loss;
import io.penstock.nn.NotFinite;
import io.penstock.nn.Parameters;
import io.penstock.nn.network.Sequential;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A network and what it has learnt. Not a value: the arrays are live, and two of these are never
 * compared.
 *
 * @param network the description
 * @param parameters the weights and statistics of every layer, empty ones included
 */
public record TrainedNetwork(Sequential network, List<Parameters> parameters) {
  /**
   * @throws IllegalArgumentException if there are not as many parameters as layers, those of a
   *     layer are not what the layer has, or one of them is NaN or infinite
   */
  public TrainedNetwork {
    parameters = List.copyOf(parameters);
    if (parameters.size() != network.layers().size()) {
      throw new IllegalArgumentException(
          "The network has "
              + new Amount(network.layers().size(), "layer")
              + " but weights came for "
              + parameters.size()
              + "; give one Parameters for each layer, empty ones included.");
    }
    for (int layer = 0; layer < parameters.size(); layer++) {
      if (parameters.get(layer).size() != network.parameterCount(layer)) {
        throw new IllegalArgumentException(
            "Layer "
                + layer
                + ", "
                + network.layers().get(layer)
                + ", has "
                + new Amount(network.parameterCount(layer), "weight")
                + ", but "
                + parameters.get(layer).size()
                + " came; give those of this network.");
      }
      checkFinite(layer, network, parameters.get(layer));
    }
  }

  private static void checkFinite(int layer, Sequential network, Parameters own) {
    NotFinite.in(own)
        .ifPresent(
            bad -> {
              throw new IllegalArgumentException(
                  "Layer "
                      + layer
                      + ", "
                      + network.layers().get(layer)
                      + ", cannot be used: "
                      + bad
                      + ". Its training had gone bad before it was saved.");
            });
  }

  /**
   * A network with weights as a run returns them: {@code
   * io.penstock.launch.job.TrainingResult.weights()}, as a map.
   *
   * @param weights by layer, the parameters in one flat array each; layers that learn nothing may
   *     be missing
   * @throws IllegalArgumentException if a layer's weights are missing or too many or too few
   */
  public static TrainedNetwork of(Sequential network, Map<Integer, float[]> weights) {
    List<Parameters> parameters = new ArrayList<>();
    for (int layer = 0; layer < network.layers().size(); layer++) {
      Parameters own = Parameters.zeros(network.parameters(layer));
      float[] values = weights.getOrDefault(layer, new float[0]);
      if (values.length != own.size()) {
        throw new IllegalArgumentException(
            "Layer "
                + layer
                + ", "
                + network.layers().get(layer)
                + ", has "
                + new Amount(own.size(), "weight")
                + ", but "
                + values.length
                + " came; give those of this network.");
      }
      if (own.size() > 0) {
        own.flat().assign(Nd4j.createFromArray(values));
        own.changed();
      }
      parameters.add(own);
    }
    return new TrainedNetwork(network, parameters);
  }

  /** The network and weights of a fitted model, or of one that was loaded. */
  public static TrainedNetwork of(PipelineParallelClassificationModel model) {
    return new TrainedNetwork(model.describe(), model.parameters());
  }

  /**
   * The same weights with another loss, for what does not have this one.
   *
   * @throws io.penstock.nn.ShapeException if it cannot take the network's output
   */
  public TrainedNetwork withLoss(Loss loss) {
    return new TrainedNetwork(new Sequential(network.input(), network.layers(), loss), parameters);
  }

  /**
   * What the network says: probabilities for classes, the output itself for numbers.
   *
   * @param input {@code [rows, dims...]} or {@code [rows, size]}, channels first; not changed
   * @return {@code [rows, outputs]}
   */
  public INDArray predict(INDArray input) {
    return network.loss().prediction(network.output(parameters, input));
  }
}
