package io.penstock.nn.layer;

import io.penstock.Amount;
import io.penstock.compute.Compute;
import io.penstock.compute.Memory;
import io.penstock.nn.Backward;
import io.penstock.nn.Columns;
import io.penstock.nn.Forward;
import io.penstock.nn.Layer;
import io.penstock.nn.ParameterSpec;
import io.penstock.nn.Parameters;
import io.penstock.nn.Pass;
import io.penstock.nn.Sequences;
import io.penstock.nn.Shape;
import io.penstock.nn.ShapeException;
import io.penstock.nn.Sizes;
import io.penstock.nn.WeightInit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonInclude;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Block of the columns of a network's last dense layer, where that is split into several layers
 * that may lie on several stages: a large vocabulary's output projection (as by Vocabulary
 * Parallelism, Yeung et al. 2024, arXiv 2411.05288, but in a row, without an all-reduce).
 *
 * <p>The first block takes rows {@code [n]}, or sequences {@code [length, n]}; every block hands
 * these on with the logits so far behind them, {@code [n + before + outputs]}, and the last one
 * hands on all logits, {@code [of]}. In training under softmax cross-entropy a few sums go in place
 * of the logits: {@link LossBlock}. Immutable.
 *
 * @param outputs columns of this block
 * @param before columns of the blocks before
 * @param of columns of all blocks
 * @param bias whether a bias is added
 * @param gain scales the initial weights: see {@link io.penstock.nn.Initializer#scaled}
 * @param init how the weights begin instead of uniform, scaled by the gain; null for that
 */
public record OutputBlock(
    @JsonProperty("outputs") long outputs,
    @JsonProperty("before") long before,
    @JsonProperty("of") long of,
    @JsonProperty("bias") boolean bias,
    @JsonProperty("gain") double gain,
    @JsonProperty("init") @JsonInclude(JsonInclude.Include.NON_NULL) WeightInit init)
    implements Layer {
  /**
   * @throws ShapeException if there are no columns, or more than there are in all
   * @throws IllegalArgumentException if the gain is not a positive number
   */
  @JsonCreator
  public OutputBlock {
    new Columns(before, outputs, of); // checks them
    if (!(gain > 0) || !Double.isFinite(gain)) {
      throw new IllegalArgumentException(
          "A block's gain cannot be " + gain + "; give a positive number, such as 1.");
    }
  }

  /** Returns the blocks of a dense layer, as equal as can be. */
  static List<Layer> of(Dense whole, int blocks) {
    List<Layer> all = new ArrayList<>();
    for (long block = 0; block < blocks; block++) {
      long from = block * whole.outputs() / blocks;
      long to = (block + 1) * whole.outputs() / blocks;
      all.add(
          new OutputBlock(
              to - from, from, whole.outputs(), whole.bias(), whole.gain(), whole.init()));
    }
    return all;
  }

  /** Returns whether no block comes before this one. */
  boolean first() {
    return before == 0;
  }

  /** Returns whether no block comes behind this one. */
  boolean last() {
    return before + outputs == of;
  }

  @Override
  public Optional<Columns> columns() {
    return Optional.of(new Columns(before, outputs, of));
  }

  @Override
  public Layer inSoftmax() {
    return new LossBlock(this);
  }

  /** Returns the dense layer that all blocks together are. */
  public Dense whole() {
    return new Dense(of, bias, gain, init);
  }

  /** Returns the numbers that are multiplied, of those in a row, or in a place of a sequence. */
  private long inner(Shape input) {
    long inner = Sequences.width(input) - before;
    if (input.rank() > 2 || inner < 1) {
      throw new ShapeException(
          "A block behind "
              + new Amount(before, "column")
              + " takes rows with as many logits at their end, or sequences of such, but"
              + " these have shape "
              + input
              + "; put the blocks one behind the other, the first one behind rows [n] or sequences"
              + " [length, n].");
    }
    return inner;
  }

  @Override
  public boolean computesAnywhere() {
    return true;
  }

  @Override
  public Shape outputShape(Shape input) {
    long inner = inner(input);
    return Sequences.withWidth(input, last() ? of : inner + before + outputs);
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return parametersOf(inner(input));
  }

  /** Returns the parameters for so many numbers: a block of those of the whole layer. */
  List<ParameterSpec> parametersOf(long inner) {
    return whole().parameters(Shape.of(inner)).stream().map(this::block).toList();
  }

  private ParameterSpec block(ParameterSpec all) {
    List<Long> shape =
        all.shape().size() == 1 ? List.of(outputs) : List.of(all.shape().get(0), outputs);
    return new ParameterSpec(all.name(), shape, all.init());
  }

  @Override
  public boolean hidesNotFinite() {
    return false;
  }

  @Override
  public long flops(Shape input) {
    return flopsOf(input, inner(input));
  }

  /** Counts the operations of rows of which so many numbers are multiplied. */
  long flopsOf(Shape input, long inner) {
    long places = input.size() / Sequences.width(input);
    return Sizes.product(places, outputs, 2 * inner + (bias ? 1 : 0));
  }

  @Override
  public long stashedFloats(Shape input) {
    // Parts of its input, of its output and of the gradients of both.
    long places = input.size() / Sequences.width(input);
    long parts = 3 * outputs + (first() ? 0 : 2 * inner(input)) + (last() ? 0 : inner(input));
    return 2 * outputShape(input).size() + Sizes.product(places, parts + 2 * before);
  }

  @Override
  public Object weightCompatibility() {
    return new OutputBlock(outputs, before, of, bias, 1, null);
  }

  /** Multiplies vectors by this block's columns. */
  INDArray logits(INDArray x, Parameters parameters, Memory memory) {
    INDArray logits = memory.like(x, outputs);
    INDArray offsets = bias ? parameters.get(Dense.BIAS) : null;
    memory.compute(x).products().rows(x, parameters, Dense.WEIGHTS, false, offsets, logits);
    return logits;
  }

  /** Multiplies the logits' gradient by the columns, for that of the vectors. */
  INDArray back(INDArray gradient, INDArray x, Parameters parameters, Memory memory) {
    INDArray result = memory.like(x);
    memory.compute(x).products().rows(gradient, parameters, Dense.WEIGHTS, true, null, result);
    return result;
  }

  /** Adds the gradient of the columns. */
  void addGradient(INDArray x, INDArray gradient, Parameters gradients, Memory memory) {
    Compute compute = memory.compute(x);
    compute.products().weightGradient(x, gradient, gradients.get(Dense.WEIGHTS));
    if (bias) {
      compute.rows().addUp(gradient, gradients.get(Dense.BIAS));
    }
  }

  /**
   * Returns the rows densely, if they are as wide as this block takes them.
   *
   * @param besides numbers of a row that are not multiplied
   */
  static INDArray checked(INDArray input, Parameters parameters, long besides, Memory memory) {
    long wanted = parameters.get(Dense.WEIGHTS).size(0) + besides;
    if (input.rank() < 2 || input.rank() > 3 || input.size(-1) != wanted) {
      throw new ShapeException(
          "A block with weights for rows of ["
              + wanted
              + "] got an input of shape "
              + Arrays.toString(input.shape())
              + "; give it what the block before it puts out.");
    }
    return memory.dense(input);
  }

  @Override
  public Forward forward(INDArray input, Parameters parameters, Pass pass) {
    Memory memory = pass.memory();
    INDArray rows = checked(input, parameters, before, memory);
    long inner = rows.size(-1) - before;
    INDArray x = SideBySide.part(rows, 0, inner, memory);
    INDArray logits = logits(x, parameters, memory);
    return new Forward(
        first() && last() ? logits : SideBySide.join(memory, handedOn(rows, memory), logits),
        new Back(this, x, parameters, memory));
  }

  /** Returns what goes before this block's logits: all that came, or of the last one the logits. */
  private INDArray handedOn(INDArray rows, Memory memory) {
    return last() ? SideBySide.part(rows, rows.size(-1) - before, before, memory) : rows;
  }

  private record Back(OutputBlock block, INDArray x, Parameters parameters, Memory memory)
      implements Backward {
    @Override
    public INDArray inputGradient(INDArray outputGradient) {
      INDArray gradient = memory.dense(outputGradient);
      INDArray own = block.back(ofLogits(gradient), x, parameters, memory);
      long inner = x.size(-1);
      long kept = block.last() ? 0 : inner;
      if (kept > 0) {
        INDArray later = SideBySide.part(gradient, 0, inner, memory);
        memory.compute(own).rows().add(own, later, own);
      }
      return block.first()
          ? own
          : SideBySide.join(memory, own, SideBySide.part(gradient, kept, block.before, memory));
    }

    @Override
    public void weightGradient(INDArray outputGradient, Parameters gradients) {
      block.addGradient(x, ofLogits(memory.dense(outputGradient)), gradients, memory);
    }

    /** Returns the gradient of this block's logits, which are the last numbers of a row. */
    private INDArray ofLogits(INDArray gradient) {
      return SideBySide.part(gradient, gradient.size(-1) - block.outputs, block.outputs, memory);
    }
  }
}
