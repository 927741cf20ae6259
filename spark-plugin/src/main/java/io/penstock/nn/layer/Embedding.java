package io.penstock.nn.layer;

import io.penstock.Amount;
import io.penstock.array.Numbers;
import io.penstock.compute.Memory;
import io.penstock.nn.Backward;
import io.penstock.nn.Forward;
import io.penstock.nn.Initializer;
import io.penstock.nn.Layer;
import io.penstock.nn.ParameterSpec;
import io.penstock.nn.Parameters;
import io.penstock.nn.Pass;
import io.penstock.nn.Shape;
import io.penstock.nn.ShapeException;
import io.penstock.nn.Sizes;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Embedding, a learned vector for every token: sequences of ids {@code [length]} to {@code [length,
 * width]}. Ids come as numbers 0, 1, ... below the vocabulary; a negative one is padding, whose
 * vector is zeros and learns nothing. Ids have no gradient: it is given as zeros. Immutable.
 *
 * @param vocabulary how many ids there are; a float tells no more than 16,777,216 apart
 * @param width how many numbers a vector has
 */
public record Embedding(
    @JsonProperty("vocabulary") long vocabulary, @JsonProperty("width") long width)
    implements Layer {
  private static final String WEIGHTS = "weights";
  private static final long EXACT = 1 << 24;

  /**
   * @throws ShapeException if there are no ids, or more than a float tells apart, or no numbers
   */
  @JsonCreator
  public Embedding {
    if (vocabulary < 1 || vocabulary > EXACT || width < 1) {
      throw new ShapeException(
          "An embedding cannot have a vocabulary of "
              + vocabulary
              + " and vectors of "
              + width
              + "; give 1 to "
              + new Amount(EXACT, "id")
              + " (a float tells no more apart) and 1 number or more.");
    }
  }

  @Override
  public boolean computesAnywhere() {
    return true;
  }

  @Override
  public Shape outputShape(Shape input) {
    if (input.rank() != 1) {
      throw new ShapeException(
          "An embedding takes sequences of token ids, rows of shape [length], but these have shape "
              + input
              + "; give it one id a position.");
    }
    return Shape.of(input.size(), width);
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    // One column an id: its numbers lie together, as they are read.
    return List.of(
        new ParameterSpec(WEIGHTS, List.of(width, vocabulary), Initializer.scaled(width, 1)));
  }

  @Override
  public long flops(Shape input) {
    return Sizes.product(input.size(), width);
  }

  @Override
  public Optional<Long> tokenIds() {
    return Optional.of(vocabulary);
  }

  @Override
  public Forward forward(INDArray input, Parameters parameters, Pass pass) {
    if (input.rank() != 2) {
      throw new ShapeException(
          "An embedding got an input of shape "
              + Arrays.toString(input.shape())
              + "; give it token ids, [rows, length].");
    }
    Memory memory = pass.memory();
    int[] ids = ids(input);
    INDArray weights = parameters.get(WEIGHTS);
    INDArray output = memory.array(weights.dataType(), input.size(0), input.size(1), width);
    memory.compute(weights).rows().lookUp(weights, ids, output);
    return new Forward(output, new Back(ids, input, memory));
  }

  /** Returns the ids row by row, checked. */
  private int[] ids(INDArray input) {
    Numbers numbers = Numbers.of(input);
    long length = input.size(1);
    int[] ids = new int[Math.toIntExact(input.length())];
    for (int i = 0; i < ids.length; i++) {
      double id = numbers.get(i);
      if (!(id < vocabulary) || (id >= 0 && id != Math.rint(id))) {
        throw new IllegalArgumentException(
            "Token id "
                + (id == Math.rint(id) ? Long.toString((long) id) : Double.toString(id))
                + " at position "
                + i % length
                + " of a micro-batch's row "
                + i / length
                + " is not one of the embedding's "
                + vocabulary
                + "; give whole numbers from 0 to "
                + (vocabulary - 1)
                + ", or -1 for padding.");
      }
      ids[i] = id < 0 ? -1 : (int) id;
    }
    return ids;
  }

  private record Back(int[] ids, INDArray input, Memory memory) implements Backward {
    @Override
    public INDArray inputGradient(INDArray outputGradient) {
      INDArray nothing = memory.like(input);
      memory.compute(nothing).rows().fill(nothing, 0);
      return nothing;
    }

    @Override
    public void weightGradient(INDArray outputGradient, Parameters gradients) {
      INDArray gradient = memory.dense(outputGradient);
      memory.compute(gradient).rows().addAt(gradient, ids, gradients.get(WEIGHTS));
    }
  }
}
