package io.penstock.nn.layer;

import io.penstock.nn.ParameterSpec;
import io.penstock.nn.Parameters;
import io.penstock.nn.ShapeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** SameDiff's graph of a {@link Custom} layer, for one shape of input. For one thread. */
final class CustomGraph {
  /** Name of the input, which no user would give. */
  private static final String INPUT = "penstock-input";

  private static final String OUTPUT_GRADIENT = "penstock-output-gradient";

  private static final String NOTHING = "penstock-nothing";

  /**
   * Layer, dtype and input shape that a graph is made for.
   *
   * @param index the layer's in the network
   * @param shape of the input, rows first
   */
  record Size(Custom layer, int index, DataType type, List<Long> shape) {}

  private final Size size;
  private final SameDiff graph = SameDiff.create();
  private final String output;
  private final long[] outputShape;

  CustomGraph(Size size) {
    this.size = size;
    Custom layer = size.layer;
    long[] shape = size.shape.stream().mapToLong(Long::longValue).toArray();
    outputShape = layer.output().withRows(shape[0]);
    SDVariable input = graph.placeHolder(INPUT, size.type, shape);
    for (ParameterSpec spec : layer.learnt()) {
      long[] dims = spec.shape().stream().mapToLong(Long::longValue).toArray();
      graph.var(spec.name(), Nd4j.zeros(size.type, dims));
    }
    SDVariable result = layer.function().apply(graph, input);
    if (result == null) {
      throw new IllegalArgumentException(
          "The function of layer " + size.index + " gave no output; return the last variable.");
    }
    output = result.name();
    SDVariable gradient = graph.placeHolder(OUTPUT_GRADIENT, size.type, outputShape);
    // The gradient of this sum is the output's gradient taken back through the function.
    SDVariable sum = result.mul(gradient).sum();
    if (layer.learnt().isEmpty()) {
      // SameDiff differentiates no graph without a variable.
      sum = sum.add(graph.var(NOTHING, Nd4j.zeros(size.type, 1)).sum());
    }
    graph.setLossVariables(sum);
    // By itself it goes back no further than to the parameters.
    graph.createGradFunction(INPUT);
  }

  INDArray output(INDArray input, Parameters parameters) {
    load(parameters);
    INDArray result = graph.output(Map.of(INPUT, input), output).get(output);
    if (!Arrays.equals(result.shape(), outputShape)) {
      throw new ShapeException(
          "The function of layer "
              + size.index
              + " made an output of shape "
              + Arrays.toString(result.shape())
              + " of an input of shape "
              + size.shape
              + ", but rows of "
              + size.layer.output()
              + " were declared: declare the rows' shape without their number, or mend the"
              + " function.");
    }
    return result;
  }

  /** Computes the gradients: the input's, then the parameters' in their order. */
  List<INDArray> gradients(INDArray input, Parameters parameters, INDArray outputGradient) {
    load(parameters);
    List<String> names = new ArrayList<>(List.of(INPUT));
    size.layer.learnt().forEach(spec -> names.add(spec.name()));
    Map<String, INDArray> all =
        graph.calculateGradients(Map.of(INPUT, input, OUTPUT_GRADIENT, outputGradient), names);
    return names.stream().map(all::get).toList();
  }

  private void load(Parameters parameters) {
    for (ParameterSpec spec : size.layer.learnt()) {
      graph.getVariable(spec.name()).getArr().assign(parameters.get(spec.name()));
    }
  }
}
