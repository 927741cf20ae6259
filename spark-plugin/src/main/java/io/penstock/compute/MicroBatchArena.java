package io.penstock.compute;

import io.penstock.Internal;
import io.penstock.array.Arena;
import io.penstock.array.Loan;
import java.util.List;
import java.util.Optional;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Arena and kernels of one micro-batch on one stage, from its forward to the end of its backward:
 * an {@link Arena} of the stage's {@link Workspace}, and the workspace's kernels. All arrays go
 * back together, so no layer need say when one is dead. For one thread.
 */
@Internal
public final class MicroBatchArena implements Memory, AutoCloseable {
  private final Arena arena;
  private final Workspace workspace;

  MicroBatchArena(Arena arena, Workspace workspace) {
    this.arena = arena;
    this.workspace = workspace;
  }

  @Override
  public INDArray array(DataType type, long... shape) {
    return arena.array(type, shape);
  }

  @Override
  public INDArray like(INDArray array, long width) {
    return arena.like(array, width);
  }

  @Override
  public Compute compute(DataType type) {
    return workspace.compute(type);
  }

  @Override
  public Kernels kernels() {
    return workspace.kernels();
  }

  @Override
  public Memory onHost() {
    return workspace.isOnDevice() ? workspace.host() : this;
  }

  /** Takes over a loan of an array from elsewhere, which is closed with this arena. */
  public void hold(Loan loan) {
    arena.hold(loan);
  }

  /** Gives up the loans that it took over, to a caller who closes them or has them held again. */
  public List<Loan> handOver() {
    return arena.handOver();
  }

  /**
   * Lends one of this arena's arrays, or a view of one, to somebody who may read it for longer than
   * this arena lasts, or for less.
   *
   * @return empty if the array lies in no memory that this arena took or holds: see {@link
   *     Arena#lend}
   */
  public Optional<Loan> lend(INDArray array) {
    return arena.lend(array);
  }

  /** Gives everything back: none of its arrays may be used any more, nor a view of one. */
  @Override
  public void close() {
    arena.close();
  }
}
