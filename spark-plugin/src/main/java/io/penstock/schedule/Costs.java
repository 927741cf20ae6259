package io.penstock.schedule;

import java.util.Collections;
import java.util.List;

/**
 * What the work of a schedule takes. Free of units: the times may be in any one unit (examples:
 * seconds), the sizes in any one other (examples: bytes), and a bandwidth is in sizes per time.
 * Immutable; lists are by stage.
 *
 * @param forward time of a forward on one micro-batch
 * @param input time of the input gradient of one micro-batch
 * @param weight time of the weight gradient of one micro-batch; a whole backward takes both
 * @param activationBytes what a stage keeps of one micro-batch from its forward to its weight
 *     gradient
 * @param frameBytes what a stage hands to the next one for one micro-batch; the gradient that comes
 *     back over the same boundary is as large
 * @param latency time from a frame's last byte leaving a rank to its arrival on another
 * @param bandwidth bytes that a link carries per unit of time, one frame after the other; may be
 *     infinite
 */
public record Costs(
    List<Double> forward,
    List<Double> input,
    List<Double> weight,
    List<Double> activationBytes,
    List<Double> frameBytes,
    double latency,
    double bandwidth) {

  /**
   * Copies the lists and checks the numbers.
   *
   * @throws IllegalArgumentException if a number is negative or not finite, the bandwidth not above
   *     zero, or the lists are not of one length; the message names which
   */
  public Costs {
    forward = checked("forward time", forward, forward.size());
    input = checked("input gradient's time", input, forward.size());
    weight = checked("weight gradient's time", weight, forward.size());
    activationBytes = checked("activation size", activationBytes, forward.size());
    frameBytes = checked("frame size", frameBytes, forward.size());
    if (forward.isEmpty()) {
      throw new IllegalArgumentException("costs of no stage: give at least one stage's times");
    }
    if (!isCost(latency)) {
      throw new IllegalArgumentException(
          "a latency of %s: it is a time, 0 or more and finite; 0 for free".formatted(latency));
    }
    if (!(bandwidth > 0)) {
      throw new IllegalArgumentException(
          "a bandwidth of %s: nothing would arrive; it is above 0, and infinite for free"
              .formatted(bandwidth));
    }
  }

  /** Equal stages; nothing takes memory, and what crosses a link is there at once. */
  public static Costs even(int stages, double forward, double input, double weight) {
    List<Double> nothing = Collections.nCopies(stages, 0.0);
    return new Costs(
        Collections.nCopies(stages, forward),
        Collections.nCopies(stages, input),
        Collections.nCopies(stages, weight),
        nothing,
        nothing,
        0,
        Double.POSITIVE_INFINITY);
  }

  /** Returns the same costs with another latency on every link. */
  public Costs withLatency(double latency) {
    return new Costs(forward, input, weight, activationBytes, frameBytes, latency, bandwidth);
  }

  /** Returns the same costs with another bandwidth on every link. */
  public Costs withBandwidth(double bandwidth) {
    return new Costs(forward, input, weight, activationBytes, frameBytes, latency, bandwidth);
  }

  /** Returns the same costs with these sizes of what each stage keeps of a micro-batch. */
  public Costs withActivationBytes(List<Double> bytes) {
    return new Costs(forward, input, weight, bytes, frameBytes, latency, bandwidth);
  }

  /** Returns the same costs with every stage keeping so much of a micro-batch. */
  public Costs withActivationBytes(double bytes) {
    return withActivationBytes(Collections.nCopies(stages(), bytes));
  }

  /** Returns the same costs with these sizes of what each stage hands to the next. */
  public Costs withFrameBytes(List<Double> bytes) {
    return new Costs(forward, input, weight, activationBytes, bytes, latency, bandwidth);
  }

  /** Returns the same costs with every stage handing so much to the next. */
  public Costs withFrameBytes(double bytes) {
    return withFrameBytes(Collections.nCopies(stages(), bytes));
  }

  /** Returns the number of stages. */
  public int stages() {
    return forward.size();
  }

  /**
   * Returns the time an action takes on its rank; 0 for a send or a receive, which only start the
   * movement.
   */
  public double of(Action action) {
    int stage = action.stage();
    return switch (action.kind()) {
      case F -> forward.get(stage);
      case I -> input.get(stage);
      case W -> weight.get(stage);
      case B -> input.get(stage) + weight.get(stage);
      default -> 0;
    };
  }

  /** How long a frame keeps its link from carrying the next one. */
  double transfer(Frame frame) {
    int boundary = Math.min(frame.maker().stage(), frame.user().stage());
    return frameBytes.get(boundary) / bandwidth;
  }

  private static List<Double> checked(String what, List<Double> values, int stages) {
    if (values.size() != stages) {
      throw new IllegalArgumentException(
          "%d times of forward and %d of '%s': give one a stage"
              .formatted(stages, values.size(), what));
    }
    for (int stage = 0; stage < stages; stage++) {
      if (!isCost(values.get(stage))) {
        throw new IllegalArgumentException(
            "stage %d: %s of %s; give a number, 0 or more and finite"
                .formatted(stage, what, values.get(stage)));
      }
    }
    return List.copyOf(values);
  }

  private static boolean isCost(double value) {
    return value >= 0 && Double.isFinite(value);
  }
}
