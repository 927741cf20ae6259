package io.penstock.array;

import io.penstock.Internal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Arena of the arrays that one micro-batch needs on one stage, from its forward to the end of its
 * backward: all go back to their {@link ArrayPool} together, so no layer need say when one is dead.
 * One that others read beyond that is {@linkplain #lend lent} to them, and stays as it is until
 * both this arena and the last loan have ended. For one thread.
 */
@Internal
public final class Arena implements Allocator, AutoCloseable {
  private final ArrayPool pool;
  private final List<Block> taken = new ArrayList<>();
  private final List<Loan> held = new ArrayList<>();

  Arena(ArrayPool pool) {
    this.pool = pool;
  }

  @Override
  public INDArray array(DataType type, long... shape) {
    return taken(pool.take(type, shape));
  }

  @Override
  public INDArray like(INDArray array, long width) {
    return taken(pool.take(array, width));
  }

  private INDArray taken(Block block) {
    taken.add(block);
    return block.array();
  }

  /** Takes over a loan of an array from elsewhere, which is closed with this arena. */
  public void hold(Loan loan) {
    held.add(loan);
  }

  /** Gives up the loans that it took over, to a caller who closes them or has them held again. */
  public List<Loan> handOver() {
    List<Loan> all = List.copyOf(held);
    held.clear();
    return all;
  }

  /**
   * Lends one of this arena's arrays, or a view of one, to somebody who may read it for longer than
   * this arena lasts, or for less. This arena's own readers may go on reading it to the end.
   *
   * @return empty if the array lies in no memory that this arena took or holds: then nobody here
   *     knows how long it stays as it is
   */
  public Optional<Loan> lend(INDArray array) {
    Predicate<INDArray> same = sharing(array);
    for (Loan loan : held) {
      if (same.test(loan.array())) {
        return Optional.of(loan.another(array));
      }
    }
    for (int i = taken.size() - 1; i >= 0; i--) {
      if (same.test(taken.get(i).array())) {
        Loan own = pool.lend(taken.remove(i));
        held.add(own);
        return Optional.of(own.another(array));
      }
    }
    return Optional.empty();
  }

  /** Predicate of arrays in whose memory this one lies; a view has a buffer of its own over it. */
  private static Predicate<INDArray> sharing(INDArray array) {
    if (!Nd4j.getEnvironment().isCPU()) {
      // To ask a GPU's buffer for its address takes memory of the host's for it.
      DataBuffer origin = origin(array);
      return one -> origin(one) == origin;
    }
    long memory = address(array) + array.offset() * array.dataType().width();
    return one -> address(one) <= memory && memory < address(one) + bytes(one);
  }

  private static DataBuffer origin(INDArray array) {
    DataBuffer first = array.data().originalDataBuffer();
    return first == null ? array.data() : first;
  }

  private static long address(INDArray array) {
    return array.data().pointer().address();
  }

  private static long bytes(INDArray array) {
    return array.data().length() * array.dataType().width();
  }

  /** Gives everything back: none of its arrays may be used any more, nor a view of one. */
  @Override
  public void close() {
    for (int i = 0; i < taken.size(); i++) {
      pool.giveBack(taken.get(i));
    }
    taken.clear();
    held.forEach(Loan::close);
    held.clear();
  }
}
