package io.penstock.nn.update;

import io.penstock.array.DeviceBuffer;
import io.penstock.array.DeviceMemory;
import io.penstock.array.NativeArrays;
import io.penstock.compute.Compute;
import io.penstock.nn.ParameterSpec;
import io.penstock.nn.Parameters;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalDouble;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.AdaGrad;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * Optimizer (ND4J: updater): any of ND4J's, with its learning-rate schedule, and {@link
 * UpdateOptions} beside it. Adam, AMSGrad and Nadam are corrected for moments that begin at zero as
 * their papers say, where ND4J's differ. Immutable and safe to share; what it remembers between
 * steps is a {@link State}, one for each layer.
 */
public final class Updater {
  private static final double MOMENTUM = 0.9;

  private final IUpdater config;
  private final UpdateOptions options;

  private Updater(IUpdater config, UpdateOptions options) {
    this.config = copy(config);
    this.options = options;
    UpdaterNumbers.check(config);
    boolean rated = options.changeRate() || options.weightDecay() > 0;
    if (rated && !config.hasLearningRate()) {
      throw new IllegalArgumentException(
          "warmUpSteps, decay and weightDecay go by the learning rate, but "
              + config.getClass().getSimpleName()
              + " has none; leave them out, or take another updater, such as adam.");
    }
  }

  /**
   * Makes an optimizer of any of ND4J's updaters, such as {@code new Adam(new StepSchedule(...))};
   * it is copied.
   *
   * @throws IllegalArgumentException if a number of it makes no sense, such as a learning rate of
   *     -1; the message says what is allowed
   */
  public static Updater of(IUpdater config) {
    return new Updater(config, UpdateOptions.NONE);
  }

  /**
   * Returns this optimizer with these options.
   *
   * @throws IllegalArgumentException if they go by a learning rate and it has none
   */
  public Updater with(UpdateOptions other) {
    return new Updater(config, other);
  }

  /**
   * Returns the options beside the optimizer's own rule: clipping, weight decay, warm-up,
   * learning-rate decay.
   */
  public UpdateOptions options() {
    return options;
  }

  /**
   * Returns this optimizer for a run of this many steps, where a decay of the learning rate with no
   * end of its own ends.
   */
  public Updater over(long steps) {
    boolean open = options.decay() != RateDecay.NONE && options.steps() == 0;
    // A run that is shorter than its warm-up does not come to the decay.
    long end = Math.max(steps, options.warmUpSteps() + 1);
    return open ? with(options.withDecay(options.decay(), end)) : this;
  }

  /** Stochastic gradient descent (SGD): {@code weights -= learningRate · gradient}. */
  public static Updater sgd(double learningRate) {
    return of(new Sgd(positive(learningRate)));
  }

  /**
   * SGD with Nesterov's momentum (Sutskever et al., 2013, "On the importance of initialization and
   * momentum in deep learning").
   *
   * @param momentum the share of the last step that goes on, at least 0 and below 1
   */
  public static Updater nesterovs(double learningRate, double momentum) {
    if (!(momentum >= 0 && momentum < 1)) {
      throw new IllegalArgumentException(
          "A momentum of " + momentum + " is not in [0, 1): steps would grow forever; try 0.9.");
    }
    return of(new Nesterovs(positive(learningRate), momentum));
  }

  /** Adam (Kingma and Ba, 2014, arXiv 1412.6980) with its usual decays, 0.9 and 0.999. */
  public static Updater adam(double learningRate) {
    return of(new Adam(positive(learningRate)));
  }

  /**
   * Returns the optimizer of this plain name: {@code sgd}, {@code nesterovs} (momentum 0.9) or
   * {@code adam}.
   *
   * @throws IllegalArgumentException if there is none; the message lists the names
   */
  public static Updater named(String name, double learningRate) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "sgd" -> sgd(learningRate);
      case "nesterovs" -> nesterovs(learningRate, MOMENTUM);
      case "adam" -> adam(learningRate);
      default ->
          throw new IllegalArgumentException(
              "Unknown updater '"
                  + name
                  + "'; use sgd, nesterovs or adam, or give one of ND4J's as JSON.");
    };
  }

  /**
   * Reads what {@link #toJson} wrote, or an updater in ND4J's own format. A class is loaded only if
   * it is one of ND4J's updaters and schedules, or an updater that a jar on the class path names in
   * its {@code META-INF/services/org.nd4j.linalg.learning.config.IUpdater}. Fields of ND4J's
   * updaters that are left out are ND4J's defaults; a schedule's have none.
   *
   * @throws IllegalArgumentException if it is neither, a field is null, or one of its numbers makes
   *     no sense
   */
  public static Updater fromJson(String json) {
    return UpdaterJson.read(json);
  }

  /**
   * Writes the updater in ND4J's own format, schedules included; with options {@code {"updater":
   * that, "clipNorm": ...}}.
   *
   * @throws IllegalArgumentException if its class could not be read again: see {@link #fromJson}
   */
  public String toJson() {
    return UpdaterJson.write(config, options);
  }

  /** Returns the norm to which gradients of all layers together are clipped; empty for no limit. */
  public OptionalDouble clipNorm() {
    double most = options.clipNorm();
    return most > 0 ? OptionalDouble.of(most) : OptionalDouble.empty();
  }

  /** Returns the size of the optimizer state, in numbers, for that many weights. */
  public long stateSize(long numParams) {
    return config.stateSize(numParams);
  }

  /**
   * Returns whether its steps are computed where the weights lie, on a GPU too; those of any other
   * are computed on the host, with copies of gradients.
   */
  public boolean computesAnywhere() {
    return UpdateRule.computesAnywhere(config);
  }

  /** Returns the learning rate of a step; NaN if the updater has none. */
  public double learningRate(int step, int epoch) {
    return config.hasLearningRate()
        ? ScaledRate.apply(config, options).getLearningRate(step, epoch)
        : Double.NaN;
  }

  /** Allocates the optimizer state of one layer: all zeros, of the weights' data type. */
  public State newState(Parameters parameters) {
    return new State(ScaledRate.apply(config, options), options, parameters);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Updater updater
        && config.equals(updater.config)
        && options.equals(updater.options);
  }

  @Override
  public int hashCode() {
    return Objects.hash(config, options);
  }

  @Override
  public String toString() {
    return options.equals(UpdateOptions.NONE) ? config.toString() : config + " with " + options;
  }

  /** Copies an updater, for ND4J's own copy of an AdaGrad has forgotten its schedule. */
  static IUpdater copy(IUpdater config) {
    IUpdater copy = config.clone();
    if (config instanceof AdaGrad adaGrad) {
      copy.setLrAndSchedule(adaGrad.getLearningRate(), adaGrad.getLearningRateSchedule());
    }
    return copy;
  }

  private static double positive(double learningRate) {
    if (!(learningRate > 0) || !Double.isFinite(learningRate)) {
      throw new IllegalArgumentException(
          "A learning rate of " + learningRate + " teaches nothing; give a number above 0.");
    }
    return learningRate;
  }

  /** Optimizer state of one layer. Mutable; for one thread at a time. */
  public static final class State implements AutoCloseable {
    private final INDArray flat;
    private final IUpdater config;
    private final UpdateOptions options;
    private final UpdateRule rule;

    private State(IUpdater config, UpdateOptions options, Parameters parameters) {
      this.config = config;
      this.options = options;
      long weights = parameters.trained().length();
      long size = weights == 0 ? 0 : config.stateSize(weights);
      var type = parameters.flat().dataType();
      boolean portable = UpdateRule.computesAnywhere(config);
      DeviceMemory memory = portable ? DeviceBuffer.memory(parameters.flat()) : null;
      this.flat = size == 0 ? Nd4j.empty(type) : NativeArrays.zeros(memory, type, size);
      if (weights == 0) {
        rule = null;
      } else if (memory != null) {
        // ND4J's class is asked for its numbers alone; it would write to the state.
        INDArray small = NativeArrays.zeros(type, config.stateSize(1));
        rule = new UpdateRule(instance(small, 1), flat);
      } else {
        rule = new UpdateRule(instance(flat, weights), flat);
      }
    }

    private GradientUpdater<?> instance(INDArray state, long weights) {
      if (state.isEmpty()) {
        return config.instantiate((INDArray) null, false);
      }
      INDArray view = state.reshape('c', 1, state.length());
      GradientUpdater<?> updater = config.instantiate(view, false);
      updater.setStateViewArray(view, new long[] {1, weights}, 'c', true);
      return updater;
    }

    /** Frees the memory at once; this may not be used any more. */
    @Override
    public void close() {
      NativeArrays.release(flat);
    }

    /**
     * Returns all of the state, {@code [stateSize]}, live: to save, or to write a saved one into.
     */
    public INDArray flat() {
      return flat;
    }

    /**
     * Takes one step: changes the weights in place, and leaves statistics alone.
     *
     * @param gradients the gradients of the whole mini-batch; they are overwritten
     * @param step the number of steps before this one
     * @param epoch the number of whole passes over the data before this one
     * @param compute what computes with the weights
     */
    public void apply(
        Parameters parameters, Parameters gradients, int step, int epoch, Compute compute) {
      if (rule == null) {
        return;
      }
      INDArray gradient = gradients.trained();
      if (options.clipValue() > 0) {
        compute.updates().clip(gradient, options.clipValue());
      }
      if (options.weightDecay() > 0) {
        // Before the step, which adds to what the decay leaves.
        double kept = 1 - config.getLearningRate(step, epoch) * options.weightDecay();
        for (ParameterSpec spec : parameters.specs()) {
          if (spec.decays()) {
            compute.rows().scale(parameters.get(spec.name()), kept);
          }
        }
      }
      rule.step(gradient, parameters.trained(), step, epoch, compute);
      parameters.changed();
    }
  }
}
