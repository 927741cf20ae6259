package io.penstock.nn;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Gated recurrent units (Cho et al., 2014, arXiv 1406.1078, with the reset after the product as in
 * cuDNN): sequences {@code [length, in]} to {@code [length, width]}. Every sequence begins with a
 * state of zeros.
 *
 * @param width how many numbers its state has
 */
public record Gru(@JsonProperty("width") long width) implements Layer {
  private static final String NAME = "A GRU";

  /** Columns: reset gates, update gates, candidates. */
  private static final String WEIGHTS = "weights";

  private static final String BIAS = "bias";
  private static final String STATE = "state";
  private static final String STATE_BIAS = "stateBias";

  /** Operations at a unit besides the products; a sigmoid counts as ten, a tanh as twenty. */
  private static final int UNIT = 2 * 10 + 20 + 7;

  /**
   * @throws ShapeException if the state has no numbers
   */
  @JsonCreator
  public Gru {
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
        new ParameterSpec(WEIGHTS, List.of(in, 3 * width), Initializer.scaled(in, 1)),
        new ParameterSpec(BIAS, List.of(3 * width), Initializer.zeros()),
        new ParameterSpec(STATE, List.of(width, 3 * width), Initializer.scaled(width, 1)),
        new ParameterSpec(STATE_BIAS, List.of(3 * width), Initializer.zeros()));
  }

  @Override
  public long flops(Shape input) {
    long in = Sequences.width(input);
    return input.size() / in * (6 * width * (in + width) + 6 * width + UNIT * width);
  }

  @Override
  public long heldNumbers(Shape input) {
    // Three gates, what the reset leaves, the output by steps and by sequences.
    return 2 * 6 * outputShape(input).size();
  }

  @Override
  public Forward forward(INDArray input, Parameters parameters, Pass pass) {
    Sequences.check(NAME, input, parameters.get(WEIGHTS).size(0));
    Back back = new Back(input, width, parameters, pass.memory());
    back.forward();
    return new Forward(back.outputs.sequences(pass.memory()), back);
  }

  /** The gradients of what inputs and states give to the gates. */
  private record Gradients(Steps fromInputs, Steps fromStates) {}

  /** Keeps inputs, gates and outputs of all steps, and what states gave to the gates. */
  private static final class Back implements Backward {
    private final Parameters parameters;
    private final Memory memory;
    private final long width;
    private final Steps inputs;
    private final Steps gates;
    private final Steps states;
    private final Steps outputs;
    private final INDArray scratch;
    private final Halves<Gradients> gateGradients = new Halves<>(this::gateGradients);

    Back(INDArray input, long width, Parameters parameters, Memory memory) {
      this.parameters = parameters;
      this.memory = memory;
      this.width = width;
      inputs = Steps.of(input, memory);
      gates = Steps.like(input, 3 * width, memory);
      states = Steps.like(input, 3 * width, memory);
      outputs = Steps.like(input, width, memory);
      scratch = memory.array(input.dataType(), input.size(0), width);
    }

    void forward() {
      new WeightProduct(parameters, WEIGHTS, false)
          .run(inputs.all(), parameters.get(BIAS), gates.all(), memory);
      INDArray all = states.all().assign(0);
      INDArray ones = memory.ones(all.dataType(), all.size(0));
      Blas.addToRows(all, parameters.get(STATE_BIAS), ones);
      for (long s = 0; s < gates.count(); s++) {
        if (s > 0) {
          Blas.gemm(outputs.at(s - 1), false, parameters.get(STATE), false, states.at(s), 1);
        }
        INDArray both = gates.at(s, 0, 2 * width);
        Transforms.sigmoid(both.addi(states.at(s, 0, 2 * width)), false);
        INDArray candidates = gate(s, 2);
        candidates.addi(gate(s, 0).muli(states.at(s, 2 * width, width), scratch));
        Transforms.tanh(candidates, false);
        // Candidates, and as much of the last output as the update gate keeps.
        behind(s, scratch).muli(gate(s, 1));
        candidates.addi(scratch, outputs.at(s));
      }
    }

    @Override
    public INDArray inputGradient(INDArray outputGradient) {
      Steps result = new Steps(memory.like(inputs.array()));
      INDArray gradient = gateGradients.compute(outputGradient).fromInputs.all();
      new WeightProduct(parameters, WEIGHTS, true).run(gradient, null, result.all(), memory);
      return result.sequences(memory);
    }

    @Override
    public void weightGradient(INDArray outputGradient, Parameters gradients) {
      Gradients gradient = gateGradients.get(outputGradient);
      new WeightSum(gradients, WEIGHTS, BIAS).add(inputs.all(), gradient.fromInputs.all(), memory);
      INDArray all = gradient.fromStates.all();
      Blas.addRows(gradients.get(STATE_BIAS), all, memory.ones(all.dataType(), all.size(0)));
      long later = outputs.count() - 1;
      if (later > 0) {
        new WeightSum(gradients, STATE, null)
            .add(outputs.some(0, later), gradient.fromStates.some(1, later), memory);
      }
    }

    private Gradients gateGradients(INDArray outputGradient) {
      Steps fromInputs = new Steps(memory.like(gates.array()));
      Steps fromStates = new Steps(memory.like(gates.array()));
      Steps above = Steps.of(outputGradient, memory);
      INDArray slope = memory.like(scratch);
      INDArray kept = memory.like(scratch);
      for (long s = gates.count() - 1; s >= 0; s--) {
        INDArray output = above.at(s);
        if (s + 1 < gates.count()) {
          Blas.gemm(fromStates.at(s + 1), false, parameters.get(STATE), true, output, 1);
          output.addi(above.at(s + 1).muli(gate(s + 1, 1), kept));
        }
        Lstm.sigmoidSlope(gate(s, 1), slope).muli(behind(s, scratch)).muli(output);
        fromInputs.at(s, width, width).assign(slope);
        fromStates.at(s, width, width).assign(slope);
        INDArray candidates =
            Lstm.tanhSlope(gate(s, 2), slope).muli(kept.assign(gate(s, 1)).rsubi(1)).muli(output);
        fromInputs.at(s, 2 * width, width).assign(candidates);
        candidates.muli(gate(s, 0), kept);
        fromStates.at(s, 2 * width, width).assign(kept);
        Lstm.sigmoidSlope(gate(s, 0), kept).muli(candidates);
        kept.muli(states.at(s, 2 * width, width));
        fromInputs.at(s, 0, width).assign(kept);
        fromStates.at(s, 0, width).assign(kept);
      }
      return new Gradients(fromInputs, fromStates);
    }

    /** The last output less the candidates. */
    private INDArray behind(long step, INDArray result) {
      if (step == 0) {
        return result.assign(gate(step, 2)).negi();
      }
      return result.assign(outputs.at(step - 1)).subi(gate(step, 2));
    }

    private INDArray gate(long step, int which) {
      return gates.at(step, which * width, width);
    }
  }
}
