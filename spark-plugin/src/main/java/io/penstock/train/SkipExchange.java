package io.penstock.train;

import io.penstock.array.Loan;
import io.penstock.balance.Cut;
import io.penstock.link.Channel;
import io.penstock.link.Tag;
import io.penstock.nn.Shape;
import io.penstock.nn.Skip;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Exchange over skip connections, straight from the stage that saves to the one that adds. For the
 * rank's thread. No action of a schedule stands for it: it leaves with the forward (or the input
 * gradient) that makes it and is awaited by the one that takes it, which the schedule orders behind
 * it already, over the stages in between. So a schedule without deadlock stays so, and what is in
 * flight is bounded by the activations that are kept.
 */
final class SkipExchange {
  private final Exchange exchange;
  private final Cut cut;
  private final Skip[] skips;

  SkipExchange(Exchange exchange, Cut cut, List<Skip> skips) {
    this.exchange = exchange;
    this.cut = cut;
    this.skips = crossing(cut, skips);
  }

  /** Returns the skip connections that cross stages, each of which has a channel by its number. */
  static Skip[] crossing(Cut cut, List<Skip> skips) {
    return skips.stream()
        .filter(s -> cut.stageOf(s.from()) != cut.stageOf(s.to()))
        .toArray(Skip[]::new);
  }

  /** Lists the frames of this exchange. */
  static void list(FrameList frames) {
    Cut cut = frames.cut();
    Skip[] skips = crossing(cut, frames.network().skips());
    for (int index = 0; index < skips.length; index++) {
      int from = cut.stageOf(skips[index].from());
      int to = cut.stageOf(skips[index].to());
      Shape shape = frames.network().shape(skips[index].from() + 1);
      frames.activations(new Channel.Skip(index), from, to, shape);
      frames.activations(new Channel.SkipGradient(index), to, from, shape);
    }
  }

  /** Waits for what earlier stages saved for this one. */
  Map<Skip, Loan> takeSaved(int stage, long step, int microBatch) throws InterruptedException {
    Map<Skip, Loan> saved = skips.length == 0 ? Map.of() : new HashMap<>();
    for (Skip skip : skips) {
      if (cut.stageOf(skip.to()) == stage) {
        saved.put(skip, exchange.take(forward(skip, step, microBatch)));
      }
    }
    return saved;
  }

  /** Hands on what this stage saved for later ones. */
  void giveSaved(Stage from, int stage, long step, int microBatch) {
    for (Skip skip : skips) {
      if (cut.stageOf(skip.from()) == stage) {
        exchange.copyTo(
            cut.stageOf(skip.to()), forward(skip, step, microBatch), from.saved(microBatch, skip));
      }
    }
  }

  /** Waits for the gradients of what this stage saved for later ones. */
  Map<Skip, Loan> takeGradients(int stage, long step, int microBatch) throws InterruptedException {
    Map<Skip, Loan> gradients = skips.length == 0 ? Map.of() : new HashMap<>();
    for (Skip skip : skips) {
      if (cut.stageOf(skip.from()) == stage) {
        gradients.put(skip, exchange.take(backward(skip, step, microBatch)));
      }
    }
    return gradients;
  }

  /** Hands back the gradients of what earlier stages saved for this one. */
  void giveGradients(Stage from, int stage, long step, int microBatch) {
    for (Skip skip : skips) {
      if (cut.stageOf(skip.to()) == stage) {
        exchange.copyTo(
            cut.stageOf(skip.from()),
            backward(skip, step, microBatch),
            from.savedGradient(microBatch, skip));
      }
    }
  }

  private Tag forward(Skip skip, long step, int microBatch) {
    return new Tag(new Channel.Skip(index(skip)), step, microBatch);
  }

  private Tag backward(Skip skip, long step, int microBatch) {
    return new Tag(new Channel.SkipGradient(index(skip)), step, microBatch);
  }

  private int index(Skip skip) {
    return Arrays.asList(skips).indexOf(skip);
  }
}
