package io.penstock.nn;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Long short-term memory (Hochreiter and Schmidhuber, 1997; with forget gates, Gers et al., 2000):
 * sequences {@code [length, in]} to {@code [length, width]}. Every sequence begins with a state of
 * zeros.
 *
 * @param width how many numbers its state has
 */
public record Lstm(@JsonProperty("width") long width) implements Layer {
  private static final String NAME = "An LSTM";

  /** Columns: input, forget and output gates, then candidates. */
  private static final String WEIGHTS = "weights";

  private static final String BIAS = "bias";
  private static final String STATE = "state";

  /** Operations at a unit besides the products; a sigmoid counts as ten, a tanh as twenty. */
  private static final int UNIT = 3 * 10 + 2 * 20 + 4;

  /**
   * @throws ShapeException if the state has no numbers
   */
  @JsonCreator
  public Lstm {
    if (width < 1) {
      throw new ShapeException(NAME + " cannot have a width of " + width + "; give 1 or more.");
    }
  }

  @Override
  public Shape outputShape(Shape input) {
    return Sequences.withWidth(Sequences.checked(NAME, input), width);
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    long in = Sequences.width(input);
    return List.of(
        new ParameterSpec(WEIGHTS, List.of(in, 4 * width), Initializer.scaled(in, 1)),
        new ParameterSpec(BIAS, List.of(4 * width), Initializer.zeros()),
        new ParameterSpec(STATE, List.of(width, 4 * width), Initializer.scaled(width, 1)));
  }

  @Override
  public long flops(Shape input) {
    long in = Sequences.width(input);
    return input.size() / in * (8 * width * (in + width) + 4 * width + UNIT * width);
  }

  @Override
  public long heldNumbers(Shape input) {
    // Four gates, the cell, it squashed, the output by steps and by sequences.
    return 2 * 8 * outputShape(input).size();
  }

  @Override
  public Forward forward(INDArray input, Parameters parameters, Pass pass) {
    Sequences.check(NAME, input, parameters.get(WEIGHTS).size(0));
    Back back = new Back(input, width, parameters, pass.memory());
    back.forward();
    return new Forward(back.outputs.sequences(pass.memory()), back);
  }

  /** Keeps inputs, gates, cells and outputs of all steps. */
  private static final class Back implements Backward {
    private final Parameters parameters;
    private final Memory memory;
    private final long width;
    private final Steps inputs;
    private final Steps gates;
    private final Steps cells;
    private final Steps squashed;
    private final Steps outputs;
    private final INDArray scratch;
    private final Halves<Steps> gateGradients = new Halves<>(this::gateGradients);

    Back(INDArray input, long width, Parameters parameters, Memory memory) {
      this.parameters = parameters;
      this.memory = memory;
      this.width = width;
      inputs = Steps.of(input, memory);
      gates = Steps.like(input, 4 * width, memory);
      cells = Steps.like(input, width, memory);
      squashed = Steps.like(input, width, memory);
      outputs = Steps.like(input, width, memory);
      scratch = memory.array(input.dataType(), input.size(0), width);
    }

    void forward() {
      new WeightProduct(parameters, WEIGHTS, false)
          .run(inputs.all(), parameters.get(BIAS), gates.all(), memory);
      for (long s = 0; s < gates.count(); s++) {
        if (s > 0) {
          Blas.gemm(outputs.at(s - 1), false, parameters.get(STATE), false, gates.at(s), 1);
        }
        Transforms.sigmoid(gates.at(s, 0, 3 * width), false);
        Transforms.tanh(candidates(s), false);
        INDArray cell = cells.at(s);
        gate(s, 0).muli(candidates(s), cell);
        if (s > 0) {
          cell.addi(gate(s, 1).muli(cells.at(s - 1), scratch));
        }
        Transforms.tanh(squashed.at(s).assign(cell), false);
        gate(s, 2).muli(squashed.at(s), outputs.at(s));
      }
    }

    @Override
    public INDArray inputGradient(INDArray outputGradient) {
      Steps result = new Steps(memory.like(inputs.array()));
      INDArray gradient = gateGradients.compute(outputGradient).all();
      new WeightProduct(parameters, WEIGHTS, true).run(gradient, null, result.all(), memory);
      return result.sequences(memory);
    }

    @Override
    public void weightGradient(INDArray outputGradient, Parameters gradients) {
      Steps gradient = gateGradients.get(outputGradient);
      new WeightSum(gradients, WEIGHTS, BIAS).add(inputs.all(), gradient.all(), memory);
      long later = gradient.count() - 1;
      if (later > 0) {
        INDArray before = outputs.some(0, later);
        new WeightSum(gradients, STATE, null).add(before, gradient.some(1, later), memory);
      }
    }

    private Steps gateGradients(INDArray outputGradient) {
      Steps result = new Steps(memory.like(gates.array()));
      Steps above = Steps.of(outputGradient, memory);
      INDArray cell = memory.like(scratch).assign(0);
      INDArray slope = memory.like(scratch);
      for (long s = gates.count() - 1; s >= 0; s--) {
        INDArray output = above.at(s);
        if (s + 1 < gates.count()) {
          Blas.gemm(result.at(s + 1), false, parameters.get(STATE), true, output, 1);
          cell.muli(gate(s + 1, 1));
        }
        // The cell's, through the output's tanh.
        tanhSlope(squashed.at(s), slope).muli(output).muli(gate(s, 2));
        cell.addi(slope);
        sigmoidSlope(gate(s, 0), slope).muli(candidates(s)).muli(cell);
        result.at(s, 0, width).assign(slope);
        if (s > 0) {
          sigmoidSlope(gate(s, 1), slope).muli(cells.at(s - 1)).muli(cell);
          result.at(s, width, width).assign(slope);
        } else {
          result.at(s, width, width).assign(0);
        }
        sigmoidSlope(gate(s, 2), slope).muli(squashed.at(s)).muli(output);
        result.at(s, 2 * width, width).assign(slope);
        tanhSlope(candidates(s), slope).muli(gate(s, 0)).muli(cell);
        result.at(s, 3 * width, width).assign(slope);
      }
      return result;
    }

    private INDArray gate(long step, int which) {
      return gates.at(step, which * width, width);
    }

    private INDArray candidates(long step) {
      return gate(step, 3);
    }
  }

  /** The derivative of a sigmoid, from its value. */
  static INDArray sigmoidSlope(INDArray value, INDArray result) {
    return result.assign(value).rsubi(1).muli(value);
  }

  /** The derivative of a tanh, from its value. */
  static INDArray tanhSlope(INDArray value, INDArray result) {
    return result.assign(value).muli(value).rsubi(1);
  }
}
