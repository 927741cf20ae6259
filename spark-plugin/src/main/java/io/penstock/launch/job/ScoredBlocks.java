package io.penstock.launch.job;

import io.penstock.launch.JavaSerialized;
import io.penstock.launch.cluster.ArrayLimit;
import io.penstock.link.Link;
import io.penstock.train.Outputs;
import io.penstock.train.StageScorer;
import java.util.ArrayDeque;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Queue;
import scala.Tuple2;
import scala.collection.AbstractIterator;

/**
 * What a rank makes of its parts of blocks, one after another as it is asked for more: rows that it
 * carries and, on the last rank, outputs. For the task's thread.
 */
final class ScoredBlocks extends AbstractIterator<Tuple2<Long, byte[]>> {
  private final scala.collection.Iterator<Tuple2<Long, byte[]>> parts;
  private final StageScorer stage;
  private final Link link;
  private final boolean predicted;
  private final Queue<Tuple2<Long, byte[]>> done = new ArrayDeque<>();
  private boolean ended;

  ScoredBlocks(
      scala.collection.Iterator<Tuple2<Long, byte[]>> parts,
      StageScorer stage,
      Link link,
      boolean predicted) {
    this.parts = parts;
    this.stage = stage;
    this.link = link;
    this.predicted = predicted;
  }

  @Override
  public boolean hasNext() {
    try {
      while (done.isEmpty() && parts.hasNext()) {
        score(parts.next());
      }
      if (done.isEmpty() && !ended) {
        stage.end();
        ended = true;
      }
      return !done.isEmpty();
    } catch (Throwable thrown) {
      throw RankTask.sneaky(fail(thrown));
    }
  }

  @Override
  public Tuple2<Long, byte[]> next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return done.remove();
  }

  private void score(Tuple2<Long, byte[]> one) throws InterruptedException {
    BlockPart part = (BlockPart) JavaSerialized.value(one._2());
    if (part.carried() != null) {
      done.add(new Tuple2<>(BlockKey.inSlot(one._1(), ScoringJob.ROWS), part.carried()));
    }
    if (part.rows() > 0) {
      Optional<Outputs> outputs =
          stage.forward(part.rows(), part.width(), part.features(), predicted);
      if (outputs.isPresent()) {
        done.add(
            new Tuple2<>(
                BlockKey.inSlot(one._1(), ScoringJob.OUTPUTS),
                JavaSerialized.bytes(outputs.get())));
      }
    }
  }

  /**
   * Tells the peers of a failure, unless all is done: they wait for this rank.
   *
   * @return the failure to throw
   */
  Throwable fail(Throwable thrown) {
    if (ended) {
      return thrown;
    }
    ended = true;
    Throwable cause = ArrayLimit.here().explained(thrown);
    link.fail(cause);
    return cause;
  }
}
