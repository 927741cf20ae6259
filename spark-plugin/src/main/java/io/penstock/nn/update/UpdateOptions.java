package io.penstock.nn.update;

import io.penstock.Amount;
import io.penstock.nn.ParameterSpec;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Gradient clipping, weight decay, warm-up and learning-rate decay beside an optimizer's own rule
 * ({@link Updater}). Immutable. In every step the gradients are cut to {@code clipNorm} and then to
 * {@code clipValue}; the updater makes steps of them; and weights that decay shrink by learning
 * rate · {@code weightDecay} before they take theirs.
 *
 * @param clipNorm the largest norm that the gradients of all layers together may have; 0 for any
 *     (Pascanu et al., 2012, arXiv 1211.5063)
 * @param clipValue the largest size that one number of a gradient may have; 0 for any
 * @param weightDecay decoupled from the gradients (Loshchilov and Hutter, 2017, arXiv 1711.05101);
 *     0 for none. It takes arrays of two dimensions and more: see {@link ParameterSpec#decays}
 * @param warmUpSteps steps in which the learning rate climbs in a straight line to its full value,
 *     the first of them at 1 / {@code warmUpSteps} of it; 0 for none
 * @param decay how the learning rate goes down after that
 * @param steps when the decay has come to its end; 0 for the end of the run
 */
public record UpdateOptions(
    @JsonProperty("clipNorm") double clipNorm,
    @JsonProperty("clipValue") double clipValue,
    @JsonProperty("weightDecay") double weightDecay,
    @JsonProperty("warmUpSteps") long warmUpSteps,
    @JsonProperty("decay") RateDecay decay,
    @JsonProperty("steps") long steps) {

  /** No options: nothing beside the optimizer's rule. */
  public static final UpdateOptions NONE = new UpdateOptions(0, 0, 0, 0, RateDecay.NONE, 0);

  /**
   * @throws IllegalArgumentException if a number is negative or not finite, or the steps end before
   *     the warm-up does
   */
  @JsonCreator
  public UpdateOptions {
    check("clipNorm", clipNorm, "the largest norm that gradients may have, such as 1");
    check("clipValue", clipValue, "the largest size that a gradient may have, such as 0.5");
    check("weightDecay", weightDecay, "the share of the learning rate, such as 0.01");
    check("warmUpSteps", warmUpSteps, "the steps that it takes, such as 100");
    check("steps", steps, "the steps at whose end the decay is done");
    decay = decay == null ? RateDecay.NONE : decay;
    if (steps > 0 && decay != RateDecay.NONE && steps <= warmUpSteps) {
      throw new IllegalArgumentException(
          "The learning rate cannot be at its end after "
              + new Amount(steps, "step")
              + " when its warm-up takes "
              + warmUpSteps
              + "; give more steps, or a shorter warm-up.");
    }
  }

  private static void check(String name, double value, String what) {
    if (!(value >= 0) || !Double.isFinite(value)) {
      throw new IllegalArgumentException(
          name + " is " + value + "; give " + what + ", or 0 to go without.");
    }
  }

  /** Returns these options with gradients cut to this norm over all layers. */
  public UpdateOptions withClipNorm(double norm) {
    return new UpdateOptions(norm, clipValue, weightDecay, warmUpSteps, decay, steps);
  }

  /** Returns these options with every number of a gradient cut to this size. */
  public UpdateOptions withClipValue(double value) {
    return new UpdateOptions(clipNorm, value, weightDecay, warmUpSteps, decay, steps);
  }

  /** Returns these options with this weight decay. */
  public UpdateOptions withWeightDecay(double share) {
    return new UpdateOptions(clipNorm, clipValue, share, warmUpSteps, decay, steps);
  }

  /** Returns these options with a learning rate that climbs for this many steps. */
  public UpdateOptions withWarmUp(long climb) {
    return new UpdateOptions(clipNorm, clipValue, weightDecay, climb, decay, steps);
  }

  /** Returns these options with a learning rate that decays this way until the end of the run. */
  public UpdateOptions withDecay(RateDecay way) {
    return withDecay(way, 0);
  }

  /**
   * Returns these options with a learning rate that decays this way until this step, counted from
   * the run's first.
   */
  public UpdateOptions withDecay(RateDecay way, long end) {
    return new UpdateOptions(clipNorm, clipValue, weightDecay, warmUpSteps, way, end);
  }

  /** Returns whether they change the learning rate. */
  boolean changeRate() {
    return warmUpSteps > 0 || decay != RateDecay.NONE;
  }

  /**
   * Returns the factor of the learning rate.
   *
   * @param step the number of steps before this one
   */
  public double rateFactor(long step) {
    if (step < warmUpSteps) {
      return (step + 1.0) / warmUpSteps;
    }
    if (decay == RateDecay.NONE || steps == 0) {
      return 1;
    }
    return decay.factor(Math.min(1, (step - warmUpSteps) / (double) (steps - warmUpSteps)));
  }
}
