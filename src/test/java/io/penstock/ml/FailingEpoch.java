package io.penstock.ml;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.SgdUpdater;
import org.nd4j.linalg.learning.config.Sgd;

/** An updater that fails in one epoch, on all ranks. */
public final class FailingEpoch extends Sgd {
  private static final long serialVersionUID = 1L;

  private static volatile boolean mended;

  private int fails;

  /** For JSON. */
  public FailingEpoch() {}

  /**
   * @param fails the epoch, counted from 0
   */
  FailingEpoch(int fails) {
    this.fails = fails;
  }

  /** Says whether none fails any more, in this process. */
  static void mend(boolean all) {
    mended = all;
  }

  @Override
  public FailingEpoch clone() {
    return new FailingEpoch(fails);
  }

  @Override
  public GradientUpdater<?> instantiate(INDArray view, boolean initialize) {
    return new SgdUpdater(this) {
      @Override
      public void applyUpdater(INDArray gradient, int step, int epoch) {
        if (epoch == fails && !mended) {
          throw new IllegalStateException("no epoch " + (fails + 1));
        }
        super.applyUpdater(gradient, step, epoch);
      }
    };
  }
}
