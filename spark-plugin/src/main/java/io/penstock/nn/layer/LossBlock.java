package io.penstock.nn.layer;

import io.penstock.Amount;
import io.penstock.compute.Compute;
import io.penstock.compute.Memory;
import io.penstock.compute.SoftmaxBlock;
import io.penstock.compute.Vectors;
import io.penstock.nn.Backward;
import io.penstock.nn.ClassLabels;
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
import java.util.List;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * {@link OutputBlock} in training under softmax cross-entropy: it takes its logits into the softmax
 * of each row, and hands on the state of that ({@link SoftmaxBlock}) in place of logits. The first
 * block takes rows {@code [n]}; every block hands these on with the state behind them, {@code [n +
 * 5]}, and the last one hands on the state alone, {@code [5]}, of which {@link
 * io.penstock.nn.loss.BlockCrossEntropy} is the loss. Sequences {@code [length, n]} likewise.
 *
 * <p>Its gradient is that of the loss, not of every number that it puts out: it takes the largest
 * logit, by which the powers of e are kept small, for a constant, for the loss does not depend on
 * it. Immutable.
 *
 * @param block what it is beside training
 */
public record LossBlock(OutputBlock block) implements Layer {
  /**
   * Cost of taking a logit into the softmax and back, in operations of a product, a third of it for
   * the forward and for either gradient: of a block of 6,250 classes of 256 numbers each that took
   * a quarter of the time.
   */
  private static final long SOFTMAX_OPERATIONS = 120;

  private long inner(Shape input) {
    long inner = Sequences.width(input) - besides();
    if (input.rank() > 2 || inner < 1) {
      throw new ShapeException(
          "A block behind "
              + new Amount(block.before(), "column")
              + " takes in training rows with the state of a softmax at their end, or"
              + " sequences of such, but these have shape "
              + input
              + "; put the blocks one behind the other.");
    }
    return inner;
  }

  /** Numbers of an input row that are not multiplied. */
  private long besides() {
    return block.first() ? 0 : SoftmaxBlock.STATE;
  }

  @Override
  public boolean computesAnywhere() {
    return true;
  }

  @Override
  public Shape outputShape(Shape input) {
    long inner = inner(input);
    return Sequences.withWidth(input, SoftmaxBlock.STATE + (block.last() ? 0 : inner));
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return block.parametersOf(inner(input));
  }

  @Override
  public long flops(Shape input) {
    long places = input.size() / Sequences.width(input);
    long softmax = Sizes.product(places, block.outputs(), SOFTMAX_OPERATIONS);
    return Math.addExact(block.flopsOf(input, inner(input)), softmax);
  }

  /**
   * Counts the output, what of the input is copied, the softmax of the block's classes and the
   * state, and their gradients.
   */
  @Override
  public long stashedFloats(Shape input) {
    long places = input.size() / Sequences.width(input);
    long vectors = block.first() ? 0 : inner(input);
    long own = block.outputs() + vectors + 2 * SoftmaxBlock.STATE + 1;
    long later = block.last() ? 0 : inner(input); // the part of the gradient that blocks behind add
    return 2 * outputShape(input).size() + Sizes.product(places, 2 * own + later);
  }

  @Override
  public Optional<Columns> columns() {
    return block.columns();
  }

  @Override
  public boolean readsLabels() {
    return true;
  }

  @Override
  public Object weightCompatibility() {
    return block.weightCompatibility();
  }

  @Override
  public String typeName() {
    return block.typeName();
  }

  @Override
  public Forward forward(INDArray input, Parameters parameters, Pass pass) {
    Memory memory = pass.memory();
    INDArray rows = OutputBlock.checked(input, parameters, besides(), memory);
    long inner = rows.size(-1) - besides();
    INDArray x = SideBySide.part(rows, 0, inner, memory);
    INDArray softmax = block.logits(x, parameters, memory);
    pass.show("the softmax of its classes", softmax);
    INDArray before =
        block.first() ? null : SideBySide.part(rows, inner, SoftmaxBlock.STATE, memory);
    INDArray after = memory.like(x, SoftmaxBlock.STATE);
    INDArray shares = memory.array(x.dataType(), Vectors.count(x));
    SoftmaxBlock own =
        new SoftmaxBlock((int) block.before(), columns(x, pass.labels()), before, after, shares);
    memory.compute(x).losses().takeBlock(softmax, own);
    INDArray output = block.last() ? after : SideBySide.join(memory, x, after);
    return new Forward(output, new Back(block, x, softmax, own, parameters, memory));
  }

  /** Returns the column of each label in this block, or less than 0 where it has none. */
  private int[] columns(INDArray x, INDArray labels) {
    if (labels == null) {
      throw new IllegalArgumentException(
          "A block of the loss got no labels; give those of the rows with the pass, or predict with"
              + " the network as it is described.");
    }
    ClassLabels ids = ClassLabels.of(x, labels, Math.toIntExact(block.of()));
    int[] columns = new int[Math.toIntExact(ids.count())];
    for (int place = 0; place < columns.length; place++) {
      long column = ids.at(place) - block.before();
      columns[place] = 0 <= column && column < block.outputs() ? (int) column : -1;
    }
    return columns;
  }

  private static final class Back implements Backward {
    private final OutputBlock block;
    private final INDArray x;
    private final INDArray softmax;
    private final SoftmaxBlock own;
    private final Parameters parameters;
    private final Memory memory;
    private final BackwardHalves<Gradients> gradients = new BackwardHalves<>(this::gradients);

    Back(
        OutputBlock block,
        INDArray x,
        INDArray softmax,
        SoftmaxBlock own,
        Parameters parameters,
        Memory memory) {
      this.block = block;
      this.x = x;
      this.softmax = softmax;
      this.own = own;
      this.parameters = parameters;
      this.memory = memory;
    }

    /** Gradients of the block's logits, and of the state before it; that is null for the first. */
    private record Gradients(INDArray logits, INDArray before) {}

    private Gradients gradients(INDArray outputGradient) {
      INDArray all = memory.dense(outputGradient);
      long state = SoftmaxBlock.STATE;
      INDArray after = SideBySide.part(all, all.size(-1) - state, state, memory);
      INDArray logits = memory.like(softmax);
      INDArray before = block.first() ? null : memory.like(after);
      Compute compute = memory.compute(softmax);
      compute.losses().blockGradient(softmax, own, after, logits, before);
      return new Gradients(logits, before);
    }

    @Override
    public INDArray inputGradient(INDArray outputGradient) {
      Gradients of = gradients.compute(outputGradient);
      INDArray result = block.back(of.logits, x, parameters, memory);
      if (!block.last()) {
        INDArray later = SideBySide.part(memory.dense(outputGradient), 0, x.size(-1), memory);
        memory.compute(result).rows().add(result, later, result);
      }
      return block.first() ? result : SideBySide.join(memory, result, of.before);
    }

    @Override
    public void weightGradient(INDArray outputGradient, Parameters sums) {
      block.addGradient(x, gradients.get(outputGradient).logits, sums, memory);
    }
  }
}
