package io.penstock.nn.layer;

import io.penstock.compute.Memory;
import io.penstock.nn.Initializer;
import io.penstock.nn.ParameterSpec;
import io.penstock.nn.Parameters;
import io.penstock.nn.Pass;
import io.penstock.nn.Sequences;
import io.penstock.nn.Shape;
import io.penstock.nn.ShapeException;
import io.penstock.nn.Sizes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * GRU layer: gated recurrent units (Cho et al., 2014, arXiv 1406.1078, with the reset after the
 * product as in cuDNN): sequences {@code [length, in]} to {@code [length, width]}. Every sequence
 * begins with a state of zeros. Immutable.
 *
 * @param width how many numbers its state has
 */
public record Gru(@JsonProperty("width") long width) implements Recurrent {
  private static final String NAME = "A GRU";

  /** Gates of a unit, in the columns of its matrices: reset gates, update gates, candidates. */
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
    List<ParameterSpec> all = new ArrayList<>(Recurrent.parameters(input, width, GATES));
    all.add(new ParameterSpec(STATE_BIAS, List.of(GATES * width), Initializer.zeros()));
    return all;
  }

  @Override
  public long flops(Shape input) {
    long in = Sequences.width(input);
    return Sizes.product(input.size() / in, width, 6 * (in + width) + 6 + UNIT);
  }

  @Override
  public long stashedFloats(Shape input) {
    // What inputs and what states give to three gates, the output by steps and by sequences; and
    // the gradients of all that. By steps the input, and its gradient; of a step the gradient that
    // goes past the gates, and two of room.
    return Sizes.sum(LongStream.of(16 * outputShape(input).size(), 2 * input.size(), 3 * width));
  }

  @Override
  public RecurrentPass pass(INDArray input, Parameters parameters, Memory memory) {
    return new States(input, width, parameters, memory);
  }

  /** Pass of a micro-batch, which keeps what states gave to the gates too. */
  private static final class States extends RecurrentPass {
    private final TimeSteps states;

    States(INDArray input, long width, Parameters parameters, Memory memory) {
      super(input, width, GATES, parameters, memory);
      states = TimeSteps.like(input, GATES * width, memory);
    }

    @Override
    INDArray forward(Pass pass) {
      INDArray all = states.array();
      rows().fill(all, 0);
      rows().addToEach(all, parameters.get(STATE_BIAS));
      return super.forward(pass);
    }

    @Override
    void step(long s) {
      addState(s, states);
      recurrences().gru(gates.at(s), states.at(s), before(s), outputs.at(s));
    }

    @Override
    void weightGradient(Gradients gradient, Parameters gradients) {
      super.weightGradient(gradient, gradients);
      rows().addUp(gradient.fromStates().array(), gradients.get(STATE_BIAS));
    }

    @Override
    Gradients gateGradients(INDArray outputGradient) {
      TimeSteps fromInputs = new TimeSteps(memory.like(gates.array()));
      TimeSteps fromStates = new TimeSteps(memory.like(gates.array()));
      TimeSteps above = TimeSteps.of(outputGradient, memory);
      INDArray straight = memory.like(outputs.at(0));
      for (long s = gates.count() - 1; s >= 0; s--) {
        INDArray output = above.at(s);
        if (s + 1 < gates.count()) {
          addLater(s, fromStates, output);
          rows().add(output, straight, output);
        }
        recurrences()
            .gruGradient(
                gates.at(s),
                states.at(s),
                before(s),
                output,
                fromInputs.at(s),
                fromStates.at(s),
                straight);
      }
      return new Gradients(fromInputs, fromStates);
    }

    /** Returns the output of the step before; null at the first. */
    private INDArray before(long step) {
      return step == 0 ? null : outputs.at(step - 1);
    }
  }
}
