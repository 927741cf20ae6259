package io.penstock.nn.layer;

import io.penstock.compute.Memory;
import io.penstock.nn.Backward;
import io.penstock.nn.Forward;
import io.penstock.nn.Initializer;
import io.penstock.nn.Layer;
import io.penstock.nn.ParameterSpec;
import io.penstock.nn.Parameters;
import io.penstock.nn.Pass;
import io.penstock.nn.Shape;
import io.penstock.nn.Sizes;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Custom layer of the user's own: any function that ND4J's SameDiff can differentiate. What it
 * learns is declared by name and shape, and found in the graph by that name.
 *
 * <pre>{@code
 * Custom.of(Shape.of(10), (sd, x) -> x.mmul(sd.getVariable("w")).add(sd.getVariable("b")))
 *     .with("w", WeightInit.XAVIER.of(256, 10), 256, 10)
 *     .with("b", Initializer.zeros(), 10)
 * }</pre>
 *
 * <p>The function is called once for every number of rows, may be called again anywhere, and must
 * build the same graph each time. The backward pass computes the output once more, so the graph
 * must have nothing random in it: put a {@link Dropout} beside it. It takes fresh memory in every
 * pass, which the library's own layers do not.
 *
 * <p>It has no JSON, which could not hold code: a network with such a layer can be trained and can
 * predict, but not be saved. Immutable, as long as the function is.
 *
 * @param output the shape of an output row
 * @param learnt what the layer learns
 * @param function makes the output of the input
 */
public record Custom(Shape output, List<ParameterSpec> learnt, Function function)
    implements Layer, Serializable {

  /**
   * Builder of a custom layer's graph. It travels to the executors with its layer, so what it
   * captures must be serialisable. Called on the thread of the pass.
   */
  @FunctionalInterface
  public interface Function extends Serializable {
    /**
     * Adds the layer's output to a graph.
     *
     * @param graph has a variable for each parameter, of its name and shape
     * @param input {@code [rows, dims...]}
     * @return {@code [rows, dims...]}, of the declared shape
     */
    SDVariable apply(SameDiff graph, SDVariable input);
  }

  /** Copies the list. */
  public Custom {
    learnt = List.copyOf(learnt);
  }

  /** A layer that learns nothing yet: see {@link #with}. */
  public static Custom of(Shape output, Function function) {
    return new Custom(output, List.of(), function);
  }

  /** Returns this layer with one more parameter. */
  public Custom with(String name, Initializer init, long... dims) {
    List<ParameterSpec> more = new ArrayList<>(learnt);
    more.add(new ParameterSpec(name, Arrays.stream(dims).boxed().toList(), init));
    return new Custom(output, more, function);
  }

  @Override
  public Shape outputShape(Shape input) {
    return output;
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return learnt;
  }

  /**
   * Guesses the operations, for what the function does is not known: every weight multiplies and
   * adds once.
   */
  @Override
  public long flops(Shape input) {
    return Math.addExact(
        2 * Sizes.sum(learnt.stream().mapToLong(ParameterSpec::size)), output.size());
  }

  /** Returns a key without the function: one that has travelled equals no other. */
  @Override
  public Object weightCompatibility() {
    return List.of(output, learnt.stream().map(spec -> spec.name() + " " + spec.shape()).toList());
  }

  @Override
  public Forward forward(INDArray input, Parameters parameters, Pass pass) {
    Memory memory = pass.memory();
    INDArray x = memory.dense(input);
    CustomGraph.Size size = new CustomGraph.Size(this, pass.layer(), x.dataType(), shape(x));
    CustomGraph graph = memory.kernels().get(size, CustomGraph::new);
    INDArray result = memory.copy(graph.output(x, parameters));
    return new Forward(result, new Back(graph, x, parameters, memory));
  }

  private static List<Long> shape(INDArray array) {
    return Arrays.stream(array.shape()).boxed().toList();
  }

  /** Backward pass, which keeps the input, and what SameDiff computes for both halves at once. */
  private static final class Back implements Backward {
    private final CustomGraph graph;
    private final INDArray input;
    private final Parameters parameters;
    private final Memory memory;
    private INDArray of;
    private List<INDArray> gradients;

    Back(CustomGraph graph, INDArray input, Parameters parameters, Memory memory) {
      this.graph = graph;
      this.input = input;
      this.parameters = parameters;
      this.memory = memory;
    }

    /** Computes the gradients: the input's, then the parameters' in their order. */
    private List<INDArray> gradients(INDArray outputGradient) {
      if (of != outputGradient) {
        gradients =
            graph.gradients(input, parameters, memory.dense(outputGradient)).stream()
                .map(memory::copy)
                .toList();
        of = outputGradient;
      }
      return gradients;
    }

    @Override
    public INDArray inputGradient(INDArray outputGradient) {
      return gradients(outputGradient).get(0);
    }

    @Override
    public void weightGradient(INDArray outputGradient, Parameters sums) {
      List<INDArray> all = gradients(outputGradient);
      for (int i = 0; i < sums.specs().size(); i++) {
        sums.get(sums.specs().get(i).name()).addi(all.get(i + 1));
      }
    }
  }
}
