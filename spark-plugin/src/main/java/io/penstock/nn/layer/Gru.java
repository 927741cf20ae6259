package io.penstock.nn.layer;

import io.penstock.compute.Memory;
import io.penstock.nn.Initializer;
import io.penstock.nn.ParameterSpec;
import io.penstock.nn.Parameters;
import io.penstock.nn.Sequences;
import io.penstock.nn.Shape;
import io.penstock.nn.ShapeException;
import io.penstock.nn.Sizes;
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
public record Gru(@JsonProperty("width") long width) implements Recurrent {
  private static final String NAME = "A GRU";

  /** In the columns of its matrices: reset gates, update gates, candidates. */
  private static final int GATES = 3;

  private static final String STATE_BIAS = "stateBias";

  /** Operations at a unit besides the products; a sigmoid counts as ten, a tanh as twenty. */
  private static final int UNIT = 2 * 10 + 20 + 7;

  /**
   * @throws ShapeException if the state has no numbers
   */
  @JsonCreator
  public Gru {
    Recurrent.checkWidth(NAME, width);
  }

  @Override
  public String called() {
    return NAME;
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    long in = Sequences.width(input);
    return List.of(
        new ParameterSpec(
            RecurrentPass.WEIGHTS, List.of(in, GATES * width), Initializer.scaled(in, 1)),
        new ParameterSpec(RecurrentPass.BIAS, List.of(GATES * width), Initializer.zeros()),
        new ParameterSpec(
            RecurrentPass.STATE, List.of(width, GATES * width), Initializer.scaled(width, 1)),
        new ParameterSpec(STATE_BIAS, List.of(GATES * width), Initializer.zeros()));
  }

  @Override
  public long flops(Shape input) {
    long in = Sequences.width(input);
    return Sizes.product(input.size() / in, width, 6 * (in + width) + 6 + UNIT);
  }

  @Override
  public long heldNumbers(Shape input) {
    // Three gates, what the reset leaves, the output by steps and by sequences.
    return 2 * 6 * outputShape(input).size();
  }

  @Override
  public RecurrentPass pass(INDArray input, Parameters parameters, Memory memory) {
    return new States(input, width, parameters, memory);
  }

  /** Keeps what states gave to the gates too. */
  private static final class States extends RecurrentPass {
    private final Steps states;

    States(INDArray input, long width, Parameters parameters, Memory memory) {
      super(input, width, GATES, parameters, memory);
      states = Steps.like(input, GATES * width, memory);
    }

    @Override
    INDArray forward() {
      INDArray all = states.all();
      rows().fill(all, 0);
      rows().addToEach(all, parameters.get(STATE_BIAS));
      return super.forward();
    }

    @Override
    void step(long s) {
      addState(s, states);
      INDArray both = gates.at(s, 0, 2 * width);
      Transforms.sigmoid(both.addi(states.at(s, 0, 2 * width)), false);
      INDArray candidates = gate(s, 2);
      candidates.addi(gate(s, 0).muli(states.at(s, 2 * width, width), scratch));
      Transforms.tanh(candidates, false);
      // Candidates, and as much of the last output as the update gate keeps.
      behind(s, scratch).muli(gate(s, 1));
      candidates.addi(scratch, outputs.at(s));
    }

    @Override
    void weightGradient(Gradients gradient, Parameters gradients) {
      super.weightGradient(gradient, gradients);
      rows().addUp(gradient.fromStates().all(), gradients.get(STATE_BIAS));
    }

    @Override
    Gradients gateGradients(INDArray outputGradient) {
      Steps fromInputs = new Steps(memory.like(gates.array()));
      Steps fromStates = new Steps(memory.like(gates.array()));
      Steps above = Steps.of(outputGradient, memory);
      INDArray slope = memory.like(scratch);
      INDArray kept = memory.like(scratch);
      for (long s = gates.count() - 1; s >= 0; s--) {
        INDArray output = above.at(s);
        if (s + 1 < gates.count()) {
          addLater(s, fromStates, output);
          output.addi(above.at(s + 1).muli(gate(s + 1, 1), kept));
        }
        sigmoidSlope(gate(s, 1), slope).muli(behind(s, scratch)).muli(output);
        fromInputs.at(s, width, width).assign(slope);
        fromStates.at(s, width, width).assign(slope);
        INDArray candidates =
            tanhSlope(gate(s, 2), slope).muli(kept.assign(gate(s, 1)).rsubi(1)).muli(output);
        fromInputs.at(s, 2 * width, width).assign(candidates);
        candidates.muli(gate(s, 0), kept);
        fromStates.at(s, 2 * width, width).assign(kept);
        sigmoidSlope(gate(s, 0), kept).muli(candidates);
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
  }
}
