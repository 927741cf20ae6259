package io.penstock.link;

import io.penstock.Internal;
import java.io.Serializable;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Channel of a link: what its frames are, and which of those it carries. All frames of a channel
 * that reach a rank come from one other rank. Immutable.
 */
@Internal
public sealed interface Channel extends Serializable {

  /** Activations for the forward of a stage, from the stage before. */
  record Activation(int stage) implements Channel {
    @Override
    public int index() {
      return stage;
    }

    @Override
    public String what() {
      return "the activation";
    }
  }

  /** Gradients for the backward of a stage, from the stage behind. */
  record Gradient(int stage) implements Channel {
    @Override
    public int index() {
      return stage;
    }

    @Override
    public String what() {
      return "the gradient";
    }
  }

  /** Activations over a skip connection that crosses stages, by its number among those. */
  record Skip(int index) implements Channel {
    @Override
    public String what() {
      return "the saved activation";
    }
  }

  /** Gradients of what went over a skip connection. */
  record SkipGradient(int index) implements Channel {
    @Override
    public String what() {
      return "the gradient of the saved activation";
    }
  }

  /** Token ids for a stage that asks which places of sequences are padding, from the first one. */
  record TokenIds(int stage) implements Channel {
    @Override
    public int index() {
      return stage;
    }

    @Override
    public String what() {
      return "the token ids";
    }
  }

  /** Gradients of tied weights, to the stage whose layer owns them, by the number of the tie. */
  record TiedGradient(int index) implements Channel {
    @Override
    public String what() {
      return "the gradient of tied weights";
    }
  }

  /** Tied weights after an update, to the stage that shares them. */
  record TiedWeights(int index) implements Channel {
    @Override
    public String what() {
      return "the tied weights";
    }
  }

  /** A replica's share of gradients that another replica sums, a frame a layer. */
  record ReduceScatter(int fromRank) implements Channel {
    @Override
    public int index() {
      return fromRank;
    }

    @Override
    public String what() {
      return "the gradients of a replica";
    }
  }

  /** Sums of gradients, or updated weights, that a replica has for the others, a frame a layer. */
  record AllGather(int fromRank) implements Channel {
    @Override
    public int index() {
      return fromRank;
    }

    @Override
    public String what() {
      return "what a replica has summed";
    }
  }

  /** Losses of a replica's micro-batches. */
  record Losses(int fromRank) implements Channel {
    @Override
    public int index() {
      return fromRank;
    }

    @Override
    public String what() {
      return "the losses of a replica";
    }
  }

  /** A rank's squares of gradients, of which the norm is made. */
  record Norm(int fromRank) implements Channel {
    @Override
    public int index() {
      return fromRank;
    }

    @Override
    public String what() {
      return "the squares of gradients";
    }
  }

  /** Places of the first bad number that a rank has met in a step, if any. */
  record BadNumbers(int fromRank) implements Channel {
    @Override
    public int index() {
      return fromRank;
    }

    @Override
    public String what() {
      return "the word on bad numbers";
    }
  }

  /** The verdict of early stopping. */
  record Verdict() implements Channel {
    @Override
    public int index() {
      return 0;
    }

    @Override
    public String what() {
      return "the verdict on early stopping";
    }
  }

  /** Decisions on whether a checkpoint follows a step. */
  record Checkpoint() implements Channel {
    @Override
    public int index() {
      return 0;
    }

    @Override
    public String what() {
      return "the word on a checkpoint";
    }
  }

  /** Credits for forwards that no gradient comes back for. */
  record Credit() implements Channel {
    @Override
    public int index() {
      return 0;
    }

    @Override
    public String what() {
      return "the credit";
    }
  }

  /** Frames that measure the link, by their kind. */
  record Probe(int index) implements Channel {
    @Override
    public String what() {
      return "the probe";
    }
  }

  /** Returns what tells this channel from others of its kind: a stage, a number or a rank. */
  int index();

  /** Returns the name of a frame in words, such as "the activation". */
  String what();

  /**
   * Returns whether frames are activations or their gradients, which go in the precision of the
   * plan's links; all others go as they are.
   */
  default boolean carriesActivations() {
    return this instanceof Activation
        || this instanceof Gradient
        || this instanceof Skip
        || this instanceof SkipGradient;
  }

  /**
   * Returns whether stages compute with the numbers of frames, so that they are wanted where the
   * stage's arrays lie; all others are read by the host.
   */
  default boolean isComputedWith() {
    return carriesActivations()
        || this instanceof TiedGradient
        || this instanceof TiedWeights
        || this instanceof ReduceScatter
        || this instanceof AllGather;
  }

  /** Returns words for whom frames are for, to follow {@link #what}; empty for most. */
  default String whither() {
    return this instanceof Activation || this instanceof Gradient || this instanceof TokenIds
        ? ", for stage " + index()
        : "";
  }

  /** Returns the number of this kind of channel on the wire. */
  default byte code() {
    return (byte) List.of(Channel.class.getPermittedSubclasses()).indexOf(getClass());
  }

  /**
   * Returns a channel as it came over the wire.
   *
   * @throws IllegalArgumentException if no kind has that code
   */
  static Channel of(byte code, int index) {
    List<IntFunction<Channel>> kinds =
        List.of(
            Activation::new,
            Gradient::new,
            Skip::new,
            SkipGradient::new,
            TokenIds::new,
            TiedGradient::new,
            TiedWeights::new,
            ReduceScatter::new,
            AllGather::new,
            Losses::new,
            Norm::new,
            BadNumbers::new,
            none -> new Verdict(),
            none -> new Checkpoint(),
            none -> new Credit(),
            Probe::new);
    if (code < 0 || code >= kinds.size()) {
      throw new IllegalArgumentException("No channel has the code " + code);
    }
    return kinds.get(code).apply(index);
  }
}
