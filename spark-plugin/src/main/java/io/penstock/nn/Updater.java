package io.penstock.nn;

import java.io.IOException;
import java.util.Locale;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.serde.json.JsonMappers;

/**
 * How gradients become updates: one of ND4J's updaters, with its learning-rate schedule if it has
 * one. Immutable; the state is apart, one per layer.
 */
public final class Updater {
  private static final double MOMENTUM = 0.9;

  private final IUpdater updater;

  private Updater(IUpdater updater) {
    this.updater = updater;
  }

  /** Any of ND4J's. */
  public static Updater of(IUpdater updater) {
    return new Updater(updater.clone());
  }

  /** Plain gradient descent. */
  public static Updater sgd(double learningRate) {
    return of(new Sgd(learningRate));
  }

  /** Gradient descent with Nesterov momentum. */
  public static Updater nesterovs(double learningRate, double momentum) {
    return of(new Nesterovs(learningRate, momentum));
  }

  /** Adam with ND4J's defaults. */
  public static Updater adam(double learningRate) {
    return of(new Adam(learningRate));
  }

  /**
   * An updater by name.
   *
   * @param name sgd, nesterovs (momentum 0.9) or adam
   * @throws IllegalArgumentException for another name
   */
  public static Updater named(String name, double learningRate) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "sgd" -> sgd(learningRate);
      case "nesterovs" -> nesterovs(learningRate, MOMENTUM);
      case "adam" -> adam(learningRate);
      default ->
          throw new IllegalArgumentException(
              "There is no updater '"
                  + name
                  + "'. Take sgd, nesterovs or adam, or give one of ND4J's with its settings.");
    };
  }

  /** Returns it as ND4J writes it. */
  public String toJson() {
    try {
      return JsonMappers.getMapper().writeValueAsString(updater);
    } catch (IOException cause) {
      throw new IllegalStateException("ND4J cannot write its updater " + updater, cause);
    }
  }

  /**
   * Reads what {@link #toJson} wrote.
   *
   * @throws IllegalArgumentException if it is no updater of ND4J's
   */
  public static Updater fromJson(String json) {
    try {
      return new Updater(JsonMappers.getMapper().readValue(json, IUpdater.class));
    } catch (IOException cause) {
      throw new IllegalArgumentException("Not the JSON of an ND4J updater: " + json, cause);
    }
  }

  /** Returns how many numbers of state so many parameters need. */
  public long stateSize(long parameters) {
    return updater.stateSize(parameters);
  }

  /** Fresh state for a layer with parameters. */
  public State newState(Parameters parameters) {
    long size = stateSize(parameters.size());
    INDArray view = size == 0 ? null : Nd4j.zeros(parameters.flat().dataType(), 1, size);
    return new State(updater.instantiate(view, true));
  }

  /** The state of one layer. Not thread-safe. */
  public static final class State {
    private final GradientUpdater<?> updater;

    private State(GradientUpdater<?> updater) {
      this.updater = updater;
    }

    /**
     * Updates parameters.
     *
     * @param gradients overwritten with the update
     * @param step steps done before this one
     * @param epoch epochs done before this one
     */
    public void apply(Parameters parameters, Parameters gradients, int step, int epoch) {
      updater.applyUpdater(gradients.flat(), step, epoch);
      parameters.flat().subi(gradients.flat());
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Updater that && updater.equals(that.updater);
  }

  @Override
  public int hashCode() {
    return updater.hashCode();
  }

  @Override
  public String toString() {
    return updater.toString();
  }
}
