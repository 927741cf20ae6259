package io.penstock.train;

import io.penstock.Internal;
import io.penstock.array.FloatPlace;
import io.penstock.array.Loan;
import io.penstock.array.NativeArrays;
import io.penstock.balance.Cut;
import io.penstock.compute.MicroBatchArena;
import io.penstock.compute.Workspace;
import io.penstock.link.Channel;
import io.penstock.link.Link;
import io.penstock.link.Tag;
import io.penstock.nn.Parameters;
import io.penstock.nn.Pass;
import io.penstock.nn.Places;
import io.penstock.nn.Skip;
import io.penstock.nn.network.ForwardPass;
import io.penstock.nn.network.Sequential;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One stage of a network that scores blocks of rows: the forward schedule, on a rank of its own,
 * without end. All ranks do the same blocks in the same order, each of them a step with one
 * micro-batch. For the rank's thread.
 *
 * <p>A block is computed as one process computes it that has the whole network, by the same kernels
 * on the same rows, so that its scores are the same bit for bit. Activations go as they are. What a
 * stage finds of rows that overflow goes with them. The last rank gives credit to the first, which
 * is at most {@link ScoringFrames#ahead} blocks ahead.
 */
@Internal
public final class StageScorer implements AutoCloseable {
  private final Sequential network;
  private final Cut cut;
  private final int stage;
  private final Link link;
  private final BooleanSupplier cancelled;
  private final ForwardPass layers;
  private final Skip[] skips;
  private final int[] asking;
  private final Workspace pool;
  private final int ahead;
  private long steps;
  private int rows;
  private int width;

  /**
   * Makes the stage.
   *
   * @param cut of the network; each stage is a rank
   * @param stage the number of this one, which is the rank's too
   * @param weights by the layer that owns them; the caller's
   * @param link connected to all ranks
   * @param cancelled asked while waiting; true ends the wait with an InterruptedException
   */
  public StageScorer(
      Sequential network,
      Cut cut,
      int stage,
      IntFunction<Parameters> weights,
      Link link,
      BooleanSupplier cancelled) {
    this.network = network;
    this.cut = cut;
    this.stage = stage;
    this.link = link;
    this.cancelled = cancelled;
    this.layers =
        new ForwardPass(
            network,
            cut.first(stage),
            cut.end(stage),
            layer -> weights.apply(network.owner(layer)));
    this.skips = SkipExchange.crossing(cut, network.skips());
    this.asking = PlacesExchange.asking(cut, network);
    this.pool = new Workspace(link::release);
    this.ahead = ScoringFrames.ahead(cut);
  }

  /**
   * Does the forward of the next block.
   *
   * @param ofRows how many rows, one at least
   * @param ofWidth features of a row
   * @param features row-major, on the first rank; null elsewhere
   * @param predicted whether to say outputs as the loss does
   * @return the network's outputs, on the last rank; empty elsewhere
   * @throws InterruptedException if cancelled while it waited
   * @throws io.penstock.link.LinkException if a peer was lost or has failed
   */
  public Optional<Outputs> forward(int ofRows, int ofWidth, float[] features, boolean predicted)
      throws InterruptedException {
    long step = steps++;
    if (isFirst() && !isLast() && step >= ahead) {
      awaitCredit(step - ahead);
    }
    if (ofRows != rows || ofWidth != width) {
      pool.clear(); // no array of another number of rows, or of another length, fits
      rows = ofRows;
      width = ofWidth;
    }
    List<Loan> received = new ArrayList<>();
    try (MicroBatchArena memory = pool.arena()) {
      OverflowedRows overflown = new OverflowedRows(network, memory, rows);
      INDArray input;
      if (isFirst()) {
        input = input(memory, features, rows, width);
      } else {
        input = take(new Channel.Activation(stage), step, received);
        overflown.add(take(new Channel.BadNumbers(stage - 1), step, received));
      }
      Map<Skip, INDArray> saved = takeSaved(step, received);
      Pass pass = Pass.inference(cut.first(stage), memory).over(places(step, input, received));
      INDArray output = layers.run(input, saved, pass, overflown);
      giveSaved(step, saved);
      if (isLast()) {
        Outputs outputs = Outputs.of(network, output, predicted, memory, overflown);
        if (!isFirst()) {
          link.give(0, new Tag(new Channel.Credit(), step, 0), marks(new float[1]));
        }
        return Optional.of(outputs);
      }
      give(stage + 1, new Channel.Activation(stage + 1), step, output);
      link.give(
          stage + 1, new Tag(new Channel.BadNumbers(stage), step, 0), marks(overflown.marks()));
      return Optional.empty();
    } finally {
      received.forEach(Loan::close);
    }
  }

  /**
   * Ends after the last block: on the first rank, once the last has done it.
   *
   * @throws InterruptedException if cancelled while it waited
   */
  public void end() throws InterruptedException {
    if (isFirst() && !isLast()) {
      for (long step = Math.max(0, steps - ahead); step < steps; step++) {
        awaitCredit(step);
      }
    }
  }

  private void awaitCredit(long step) throws InterruptedException {
    link.receive(new Tag(new Channel.Credit(), step, 0), cancelled).close();
  }

  private boolean isFirst() {
    return stage == 0;
  }

  private boolean isLast() {
    return stage == cut.stages() - 1;
  }

  /**
   * Returns the rows of a block as an array, in the memory of its activations.
   *
   * @param features row-major
   */
  public static INDArray input(MicroBatchArena memory, float[] features, int rows, int width) {
    if (!Nd4j.getEnvironment().isCPU()) {
      return Nd4j.create(features, new long[] {rows, width}, 'c');
    }
    INDArray input = memory.array(DataType.FLOAT, rows, width);
    new FloatPlace().at(input, 0).put(features, 0, rows * width);
    return input;
  }

  private INDArray marks(float[] numbers) {
    INDArray marks = link.blank(DataType.FLOAT, numbers.length);
    for (int i = 0; i < numbers.length; i++) {
      marks.putScalar(i, numbers[i]);
    }
    return marks;
  }

  private INDArray take(Channel channel, long step, List<Loan> received)
      throws InterruptedException {
    Loan loan = link.receive(new Tag(channel, step, 0), cancelled);
    received.add(loan);
    return loan.array();
  }

  private void give(int toStage, Channel channel, long step, INDArray array) {
    INDArray copy = NativeArrays.copy(array, link.blank(array.dataType(), array.shape()));
    link.give(toStage, new Tag(channel, step, 0), copy);
  }

  private Map<Skip, INDArray> takeSaved(long step, List<Loan> received)
      throws InterruptedException {
    Map<Skip, INDArray> saved = new HashMap<>();
    for (int i = 0; i < skips.length; i++) {
      if (cut.stageOf(skips[i].to()) == stage) {
        saved.put(skips[i], take(new Channel.Skip(i), step, received));
      }
    }
    return saved;
  }

  private void giveSaved(long step, Map<Skip, INDArray> saved) {
    for (int i = 0; i < skips.length; i++) {
      if (cut.stageOf(skips[i].from()) == stage) {
        give(cut.stageOf(skips[i].to()), new Channel.Skip(i), step, saved.get(skips[i]));
      }
    }
  }

  /** The padding of the block's sequences; the first stage tells those that ask, too. */
  private Places places(long step, INDArray input, List<Loan> received)
      throws InterruptedException {
    if (isFirst()) {
      for (int other : asking) {
        give(other, new Channel.TokenIds(other), step, input);
      }
      return network.places(input);
    }
    return Arrays.binarySearch(asking, stage) < 0
        ? Places.ALL
        : network.places(take(new Channel.TokenIds(stage), step, received));
  }

  /** Frees the activations; the weights are the caller's. */
  @Override
  public void close() {
    pool.clear();
  }
}
