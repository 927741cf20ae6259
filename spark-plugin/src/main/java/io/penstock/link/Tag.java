package io.penstock.link;

import io.penstock.Internal;
import java.io.Serializable;

/**
 * Name of one frame (an activation or a gradient of a micro-batch) among all that reach a rank.
 * Immutable. Sender and receiver derive the same tag from the schedule, so frames may travel and
 * arrive in any order. A tag is used once: a second frame under the same tag fails the receiver.
 *
 * @param kind {@code 'F'} for an activation, {@code 'B'} for a gradient; other letters are the
 *     caller's own
 * @param stage the stage that receives the frame, from 0
 * @param step the mini-batch, counted from the start of training
 * @param microBatch the slice of that mini-batch, from 0
 */
@Internal
public record Tag(char kind, int stage, long step, int microBatch) implements Serializable {

  /** Words for messages. */
  @Override
  public String toString() {
    String what =
        switch (kind) {
          case 'F' -> "the activation";
          case 'B' -> "the gradient";
          default -> "frame '" + kind + "'";
        };
    return what + " of step " + step + ", micro-batch " + microBatch + ", for stage " + stage;
  }
}
