package io.penstock.yarn;

import java.io.File;
import java.nio.file.Path;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.SgdUpdater;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * An updater that halts one layer at a step, once: until its process is killed. It travels to the
 * executors as any of ND4J's does.
 */
public final class Halt extends Sgd {
  private static final long serialVersionUID = 1L;
  private static final int STEP = 4;

  private long parameters;
  private String flag;

  /** For JSON. */
  public Halt() {}

  /**
   * Halt of the layer that has so many parameters.
   *
   * @param flag a file; who halts deletes it, and without it nobody does
   */
  Halt(long parameters, Path flag) {
    super(0.1);
    this.parameters = parameters;
    this.flag = flag.toString();
  }

  @Override
  public Halt clone() {
    return new Halt(parameters, Path.of(flag));
  }

  @Override
  public GradientUpdater<?> instantiate(INDArray view, boolean initialize) {
    return new SgdUpdater(this) {
      @Override
      public void applyUpdater(INDArray gradient, int step, int epoch) {
        if (step == STEP && gradient.length() == parameters && new File(flag).delete()) {
          halt();
        }
        super.applyUpdater(gradient, step, epoch);
      }
    };
  }

  private static void halt() {
    try {
      Thread.sleep(Long.MAX_VALUE);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
