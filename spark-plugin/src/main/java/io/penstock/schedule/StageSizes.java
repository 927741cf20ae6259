package io.penstock.schedule;

import io.penstock.Internal;
import java.util.List;

/**
 * Sizes of what stages hold and hand on of one micro-batch, in bytes. Immutable; lists are by
 * stage.
 *
 * @param input what enters a stage and stays with its micro-batch, what comes over skip connections
 *     included
 * @param forward what its layers make in the forward
 * @param backward what its layers make in the backward, the gradient of its output and those that
 *     come over skip connections included, the gradient of its input not
 * @param boundary what crosses between a stage and the next, either way; of the last stage 0
 * @param skips connections over stages
 */
@Internal
public record StageSizes(
    List<Long> input,
    List<Long> forward,
    List<Long> backward,
    List<Long> boundary,
    List<SkipSize> skips) {
  /**
   * Connection from one stage over others to a later one.
   *
   * @param from stage that saves
   * @param to stage that adds
   * @param bytes either way
   */
  public record SkipSize(int from, int to, long bytes) {}

  /** Copies the lists. */
  public StageSizes {
    input = List.copyOf(input);
    forward = List.copyOf(forward);
    backward = List.copyOf(backward);
    boundary = List.copyOf(boundary);
    skips = List.copyOf(skips);
  }

  /** Returns the bytes of the gradient of a stage's input; 0 for the first, which makes none. */
  long inputGradient(int stage) {
    return stage == 0 ? 0 : boundary.get(stage - 1);
  }

  /** Returns the bytes that a stage holds of a micro-batch in its backward. */
  long whole(int stage) {
    return input.get(stage) + forward.get(stage) + backward(stage);
  }

  /** Returns the bytes that the backward of a micro-batch adds. */
  long backward(int stage) {
    return backward.get(stage) + inputGradient(stage);
  }
}
