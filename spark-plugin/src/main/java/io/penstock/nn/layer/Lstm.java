package io.penstock.nn.layer;

import io.penstock.compute.Memory;
import io.penstock.nn.ParameterSpec;
import io.penstock.nn.Parameters;
import io.penstock.nn.Sequences;
import io.penstock.nn.Shape;
import io.penstock.nn.ShapeException;
import io.penstock.nn.Sizes;
import java.util.List;
import java.util.stream.LongStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * LSTM layer: long short-term memory (Hochreiter and Schmidhuber, 1997; with forget gates, Gers et
 * al., 2000): sequences {@code [length, in]} to {@code [length, width]}. Every sequence begins with
 * a state of zeros. Immutable.
 *
 * @param width how many numbers its state has
 */
public record Lstm(@JsonProperty("width") long width) implements Recurrent {
  private static final String NAME = "An LSTM";

  /**
   * Gates of a unit, in the columns of its matrices: input, forget and output gates, then
   * candidates.
   */
  private static final int GATES = 4;

  /** Operations at a unit besides the products; a sigmoid counts as ten, a tanh as twenty. */
  private static final int UNIT = 3 * 10 + 2 * 20 + 4;

  /**
   * @throws ShapeException if the state has no numbers
   */
  @JsonCreator
  public Lstm {
    Recurrent.checkWidth(NAME, width);
  }

  @Override
  public String called() {
    return NAME;
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return Recurrent.parameters(input, width, GATES);
  }

  @Override
  public long flops(Shape input) {
    long in = Sequences.width(input);
    return Sizes.product(input.size() / in, width, 8 * (in + width) + 4 + UNIT);
  }

  @Override
  public long stashedFloats(Shape input) {
    // Four gates, the cell, it squashed, the output by steps and by sequences; the gradients of the
    // gates and of the output, by steps and by sequences. By steps the input, and its gradient; of
    // a
    // step the cell's gradient, and two of room.
    return Sizes.sum(LongStream.of(14 * outputShape(input).size(), 2 * input.size(), 3 * width));
  }

  @Override
  public RecurrentPass pass(INDArray input, Parameters parameters, Memory memory) {
    return new Cells(input, width, parameters, memory);
  }

  /** Pass of a micro-batch, which keeps the cells of all steps too. */
  private static final class Cells extends RecurrentPass {
    private final TimeSteps cells;
    private final TimeSteps squashed;

    Cells(INDArray input, long width, Parameters parameters, Memory memory) {
      super(input, width, GATES, parameters, memory);
      cells = TimeSteps.like(input, width, memory);
      squashed = TimeSteps.like(input, width, memory);
    }

    @Override
    void step(long s) {
      addState(s, gates);
      recurrences().lstm(gates.at(s), before(s), cells.at(s), squashed.at(s), outputs.at(s));
    }

    @Override
    Gradients gateGradients(INDArray outputGradient) {
      TimeSteps result = new TimeSteps(memory.like(gates.array()));
      TimeSteps above = TimeSteps.of(outputGradient, memory);
      INDArray cell = memory.like(cells.at(0));
      rows().fill(cell, 0);
      for (long s = gates.count() - 1; s >= 0; s--) {
        INDArray output = above.at(s);
        if (s + 1 < gates.count()) {
          addLater(s, result, output);
        }
        recurrences()
            .lstmGradient(gates.at(s), before(s), squashed.at(s), output, cell, result.at(s));
      }
      return new Gradients(result, result);
    }

    /** Returns the cells of the step before; null at the first. */
    private INDArray before(long step) {
      return step == 0 ? null : cells.at(step - 1);
    }
  }
}
