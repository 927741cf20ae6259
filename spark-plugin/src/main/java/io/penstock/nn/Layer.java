package io.penstock.nn;

import io.penstock.compute.Compute;
import io.penstock.compute.Memory;
import io.penstock.compute.MicroBatchArena;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Description of one layer of a network: immutable, without weights, safe to share between threads.
 *
 * <p>A layer takes rows of one shape to rows of another. Its output lies row by row ('c' order),
 * whatever came in. The same input values, parameters and pass give the same bits, wherever the
 * arrays lie in memory.
 *
 * <p><b>Whose arrays they are.</b> A layer writes to no array that it was given or has returned.
 * Beyond that it may do with them what it likes until the weight gradient of their micro-batch is
 * done: return its input or its output gradient as it is, or a view of it, or of anything of its
 * own; keep what it was given, made or returned; and read it in whichever half of the backward it
 * wants. Whoever runs the layer keeps all of it until then, also what was handed on to other stages
 * (see {@link MicroBatchArena}), and nothing after. Arrays of {@link Pass#memory} are not to be
 * closed: they go to the next micro-batch by themselves. An array from elsewhere is allowed; it
 * costs a copy where it leaves the stage, and the garbage collector frees it. A layer that reads
 * what it should not any more reads NaN under {@link io.penstock.array.Poison}.
 */
public interface Layer {
  /**
   * Returns the shape of an output row.
   *
   * @param input the shape of an input row
   * @throws ShapeException if the layer cannot take such rows; the message says what to do
   */
  Shape outputShape(Shape input);

  /**
   * Returns the parameters that the layer learns, and behind them the statistics that it gathers;
   * empty if it has none.
   *
   * @param input the shape of an input row
   */
  default List<ParameterSpec> parameters(Shape input) {
    return List.of();
  }

  /**
   * Turns what a mini-batch's {@link Backward#weightGradient}s gathered into new statistics. A
   * layer without statistics does nothing.
   *
   * @param parameters the layer's; its statistics are changed
   * @param sums the mini-batch's gradients, of which the statistics' places hold sums over all rows
   * @param compute what computes with them
   */
  default void updateStatistics(Parameters parameters, Parameters sums, Compute compute) {}

  /**
   * Returns whether all of the layer's arithmetic is done by the operations of its pass's {@link
   * Memory#compute}, and no number of an array touched otherwise: then it runs where those do, on a
   * GPU too. Any other layer is given copies in the host's memory there. By default it does not.
   */
  default boolean computesAnywhere() {
    return false;
  }

  /**
   * Counts the floating-point operations of the forward pass of one row; the backward pass of a
   * layer with weights takes about twice as many.
   *
   * @param input the shape of an input row
   */
  long flops(Shape input);

  /**
   * Estimates the stash of one row, in numbers held from its forward to its weight gradient: the
   * output, what the backward keeps besides, and their gradients. For plans.
   *
   * @param input the shape of an input row
   */
  default long stashedFloats(Shape input) {
    return 2 * outputShape(input).size();
  }

  /**
   * Estimates the scratch memory of one row, in numbers: what a pass takes beside the stash while
   * it runs, and its kernels keep for the next, also that of another layer. It is a number for each
   * vector, to add them up with, unless kernels lay out rows in an order of their own. For plans.
   *
   * @param input the shape of an input row
   */
  default long scratchFloats(Shape input) {
    Shape output = outputShape(input);
    return output.size() / output.dims().get(output.rank() - 1);
  }

  /**
   * Returns the fewest rows of a micro-batch that the layer learns anything from: 1, unless it
   * compares rows with each other.
   *
   * @param input the shape of an input row
   */
  default int leastRows(Shape input) {
    return 1;
  }

  /**
   * Returns whether the layer asks which places of sequences are padding, {@link Pass#places}, so
   * that it must be told.
   */
  default boolean readsPlaces() {
    return false;
  }

  /**
   * Returns whether the layer asks for the labels of its rows, {@link Pass#labels}, so that it must
   * be told: where the network ends in a loss that is computed by several layers.
   */
  default boolean readsLabels() {
    return false;
  }

  /**
   * Returns the layer split by columns into others in a row that put out together what it does, as
   * an output projection may be: each hands on what comes to it, with its own columns behind.
   *
   * @param blocks how many, 1 or more and no more than there are columns
   * @return empty if it cannot be split
   */
  default Optional<List<Layer>> split(int blocks) {
    return Optional.empty();
  }

  /** Returns which columns of a {@link #split} layer this one computes; empty if of none. */
  default Optional<Columns> columns() {
    return Optional.empty();
  }

  /**
   * Returns the form in which columns of a {@link #split} layer are trained under softmax
   * cross-entropy: they take their logits into the softmax ({@link
   * io.penstock.compute.SoftmaxBlock}), and hand on its state in place of logits. It has the same
   * parameters. By default the layer itself.
   */
  default Layer inSoftmax() {
    return this;
  }

  /**
   * Returns whether the layer's output is its input's numbers as they are, row by row and in their
   * order, at most in another shape, in training too. Token ids get through such layers to an
   * embedding, and so does what they say of padding.
   */
  default boolean handsOn() {
    return false;
  }

  /**
   * Returns the size of the vocabulary, where the layer's input is token ids: whole numbers from 0
   * up, and negative ones for padding, which must come to it as they are.
   *
   * @return empty if it takes its input for numbers
   */
  default Optional<Long> tokenIds() {
    return Optional.empty();
  }

  /**
   * Returns whether the layer hands its input on at least in prediction, as {@link #handsOn} says
   * it: so does dropout, which makes other numbers of it in training.
   */
  default boolean handsOnPredicting() {
    return handsOn();
  }

  /**
   * Returns the layers that this one runs one after another, if it does nothing else: itself,
   * unless it is a chain of others.
   */
  default Stream<Layer> inLine() {
    return Stream.of(this);
  }

  /**
   * Returns the name under which the output is kept for a later layer that {@link #adds} it: the
   * beginning of a skip connection. A name is saved once in a network; layers within others save
   * nothing.
   */
  default Optional<String> saves() {
    return Optional.empty();
  }

  /**
   * Returns the name under which an earlier layer {@link #saves} what is added to this one's
   * output, of the same shape: the end of a skip connection. The gradient of the output is that of
   * what was saved, too. See {@link #forward(INDArray, INDArray, Parameters, Pass)}.
   */
  default Optional<String> adds() {
    return Optional.empty();
  }

  /**
   * Returns the earlier layer whose weights this one uses (tied weights), as an index of the whole
   * network, from 0. Such a layer has no {@link #parameters} of its own: it is given that layer's,
   * and its weight gradient is added to that layer's.
   */
  default OptionalInt tiedTo() {
    return OptionalInt.empty();
  }

  /**
   * Checks that this layer can use the weights of the one that it is {@link #tiedTo}.
   *
   * @param input the shape of an input row
   * @param owned what that layer learns
   * @throws ShapeException if it cannot; the message says what to do
   */
  default void checkOwner(Shape input, List<ParameterSpec> owned) {}

  /**
   * Returns a key by which weights are compatible: they mean the same in two layers whose keys are
   * equal. It leaves out of account how weights begin, and what training alone does with numbers.
   * By default the layer itself.
   */
  default Object weightCompatibility() {
    return this;
  }

  /** Returns the name of the layer's type where a plan is shown: a word. */
  default String typeName() {
    return getClass().getSimpleName();
  }

  /**
   * Returns whether the output may be finite where the input is not, so that a look at the output
   * does not tell: a function that levels off, or takes the largest. Wherever such a layer lies,
   * its input is looked at, or it would depend on the cut whether a run goes on. A layer that hands
   * numbers of its own to such a function within it, or to a layer within it that says so here,
   * shows them first: {@link Pass#show}.
   */
  default boolean hidesNotFinite() {
    return true;
  }

  /**
   * Returns whether in the backward pass both the input's gradient and those of the weights may be
   * finite where the output's gradient is not: a function that is flat at some inputs, or rows that
   * are left out. Wherever such a layer lies, the gradient of its output is looked at. By default
   * the answer of {@link #hidesNotFinite}.
   */
  default boolean hidesGradients() {
    return hidesNotFinite();
  }

  /**
   * Computes the output and keeps what the backward pass needs.
   *
   * @param input {@code [rows, dims...]}, one row or more, in any memory order; never changed, but
   *     it may be kept, and a layer with nothing to do may return it: leave it as it is until both
   *     halves of the backward pass are over
   * @param parameters the layer's weights; kept too, so update them only after the backward pass
   * @param pass whether this is training, the key of random numbers, and where the arrays come from
   * @throws ShapeException if the input's rows do not fit the parameters
   */
  Forward forward(INDArray input, Parameters parameters, Pass pass);

  /**
   * Computes the output of a layer that {@link #adds}. Its backward is given the gradient of the
   * sum, which is that of the output without what was saved. This one adds to what {@link
   * #forward(INDArray, Parameters, Pass)} gives; a layer that can do so on its way overrides it.
   *
   * @param saved what was saved, {@code [rows, dims...]} as the output; never changed
   */
  default Forward forward(INDArray input, INDArray saved, Parameters parameters, Pass pass) {
    Forward own = forward(input, parameters, pass);
    Memory memory = pass.memory();
    INDArray output = memory.dense(own.output());
    INDArray sum = memory.like(output);
    memory.compute(output).rows().add(output, memory.dense(saved), sum);
    return new Forward(sum, own.backward());
  }
}
