package io.penstock.link;

import io.penstock.Internal;
import java.io.Serializable;

/**
 * Name of one frame among all that reach a rank. Immutable. Sender and receiver derive the same tag
 * from the schedule, so frames may travel and arrive in any order. A tag is used once: a second
 * frame under the same tag fails the receiver.
 *
 * @param channel what the frame is
 * @param step the mini-batch, counted from the start of training; that of a validation pass is
 *     {@linkplain #validationStep below 0}
 * @param microBatch the slice of that mini-batch, from 0; of what does not go with micro-batches,
 *     such as gradients, the layer
 */
@Internal
public record Tag(Channel channel, long step, int microBatch) implements Serializable {

  /**
   * Returns the name of a step of validation: training and validation count theirs apart.
   *
   * @param count from 0, over all validation passes of the run
   */
  public static long validationStep(long count) {
    return ~count;
  }

  boolean isOfValidation() {
    return step < 0;
  }

  /** Returns the step's number, from 0, among those of training or those of validation. */
  long count() {
    return isOfValidation() ? ~step : step;
  }

  /** Words for messages. */
  @Override
  public String toString() {
    String which = isOfValidation() ? " of validation step " : " of step ";
    return channel.what() + which + count() + ", micro-batch " + microBatch + channel.whither();
  }
}
