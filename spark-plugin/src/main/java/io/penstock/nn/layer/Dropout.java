package io.penstock.nn.layer;

import io.penstock.compute.Memory;
import io.penstock.nn.Forward;
import io.penstock.nn.Layer;
import io.penstock.nn.Parameters;
import io.penstock.nn.Pass;
import io.penstock.nn.RandomKey;
import io.penstock.nn.Shape;
import io.penstock.nn.Weightless;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Dropout: sets numbers to zero at random while training, and scales the others up by {@code 1 / (1
 * - probability)} so that their mean stays (Srivastava et al., 2014, "Dropout"; in its inverted
 * form, which leaves prediction alone). Which ones is keyed by the {@link Pass} and the number's
 * place in its micro-batch: another number of micro-batches zeroes others, and so trains other
 * weights. Immutable.
 *
 * @param probability the share that is set to zero, at least 0 and below 1
 */
public record Dropout(@JsonProperty("probability") double probability) implements Layer {
  /** The first part of the random numbers' key: see {@link Parameters}. */
  private static final long DROPOUT = 2;

  /**
   * @throws IllegalArgumentException unless {@code 0 <= probability < 1}
   */
  @JsonCreator
  public Dropout {
    if (!(probability >= 0 && probability < 1)) {
      throw new IllegalArgumentException(
          "A dropout probability of "
              + probability
              + " is not in [0, 1): it is the share of numbers set to zero; 0.5 drops half.");
    }
  }

  @Override
  public boolean computesAnywhere() {
    return true;
  }

  @Override
  public Shape outputShape(Shape input) {
    return input;
  }

  @Override
  public long flops(Shape input) {
    return probability == 0 ? 0 : input.size();
  }

  /** Returns also the mask, of as many numbers as the output. */
  @Override
  public long stashedFloats(Shape input) {
    return (probability == 0 ? 2 : 3) * input.size();
  }

  @Override
  public boolean handsOn() {
    return probability == 0;
  }

  @Override
  public boolean handsOnPredicting() {
    return true;
  }

  /** Returns false: no number but a finite one is 0 times 0. */
  @Override
  public boolean hidesNotFinite() {
    return false;
  }

  @Override
  public Object weightCompatibility() {
    return Dropout.class;
  }

  @Override
  public Forward forward(INDArray input, Parameters parameters, Pass pass) {
    Memory memory = pass.memory();
    if (!pass.training() || probability == 0) {
      return new Forward(memory.dense(input), new Weightless(memory::dense));
    }
    INDArray mask = mask(input, pass);
    return new Forward(product(input, mask, memory), new Weightless(g -> product(g, mask, memory)));
  }

  private static INDArray product(INDArray array, INDArray mask, Memory memory) {
    INDArray product = memory.like(array);
    memory.compute(array).rows().multiply(memory.dense(array), mask, product);
    return product;
  }

  /** Draws by the key of a number's place, which is counted row by row. */
  private INDArray mask(INDArray input, Pass pass) {
    RandomKey key =
        RandomKey.of(DROPOUT, pass.seed(), pass.layer(), pass.step(), pass.microBatch());
    INDArray mask = pass.memory().like(input);
    pass.memory().compute(mask).rows().mask(key.key(), probability, mask);
    return mask;
  }
}
