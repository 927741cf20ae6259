package io.penstock.launch.job;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.SgdUpdater;
import org.nd4j.linalg.learning.config.Sgd;

/** An updater that waits at a {@link Gate}, on one layer and after some steps. */
public final class GatedUpdater extends Sgd {
  private static final long serialVersionUID = 1L;

  private String directory;
  private long parameters;
  private int steps;

  /** For JSON. */
  public GatedUpdater() {}

  /**
   * An updater of one that waits.
   *
   * @param parameters of the layer
   * @param steps that it does before
   */
  GatedUpdater(Gate gate, long parameters, int steps) {
    this.directory = gate.directory();
    this.parameters = parameters;
    this.steps = steps;
  }

  @Override
  public GatedUpdater clone() {
    return new GatedUpdater(new Gate(directory), parameters, steps);
  }

  @Override
  public GradientUpdater<?> instantiate(INDArray view, boolean initialize) {
    return new SgdUpdater(this) {
      @Override
      public void applyUpdater(INDArray gradient, int step, int epoch) {
        if (step >= steps && gradient.length() == parameters) {
          new Gate(directory).pass();
        }
        super.applyUpdater(gradient, step, epoch);
      }
    };
  }
}
