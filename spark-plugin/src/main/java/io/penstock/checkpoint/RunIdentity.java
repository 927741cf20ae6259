package io.penstock.checkpoint;

import io.penstock.Amount;
import io.penstock.Internal;
import java.io.Serializable;
import java.util.Objects;
import java.util.Optional;

/**
 * Identity of a run: all that its weights follow from, bit for bit. A checkpoint is gone on from by
 * a run of the same identity alone; stages, cut and schedule are no part of it. Immutable.
 *
 * @param network the network, as {@link io.penstock.nn.network.Sequential#toWire()} writes it
 * @param optimizer as {@link io.penstock.nn.update.Updater#toJson()} writes it
 * @param seed of initial weights, dropout and order of the rows
 * @param batchSize rows of a mini-batch
 * @param microBatches of a full mini-batch: gradients are summed micro-batch by micro-batch
 * @param gradientGroups groups of micro-batches in which gradients are summed; null for one
 * @param linkPrecision dtype on the links
 * @param computePrecision numbers that products take their factors in
 * @param cut in words, where the links round, so that weights follow from it; null where they do
 *     not
 * @param epochs planned, where the learning rate goes by them; null where it does not
 * @param stopping rule of early stopping, in words
 * @param initial weights that the run has begun with, in words; null for those of the seed
 * @param data the rows; null until they have been counted
 */
@Internal
public record RunIdentity(
    String network,
    String optimizer,
    long seed,
    int batchSize,
    int microBatches,
    Integer gradientGroups,
    String linkPrecision,
    String computePrecision,
    String cut,
    Integer epochs,
    String stopping,
    String initial,
    Rows data)
    implements Serializable {
  private static final int MOST_CHARACTERS = 300;

  /**
   * Checks that nothing but the rows is missing.
   *
   * @throws IllegalArgumentException if something is
   */
  public RunIdentity {
    if (network == null || optimizer == null || linkPrecision == null || computePrecision == null) {
      throw new IllegalArgumentException(
          "it lacks network, optimizer, linkPrecision or computePrecision");
    }
  }

  /**
   * Rows of a run.
   *
   * @param training rows to train on
   * @param validation rows that are held back
   * @param key sum of the rows' sort keys and weights, whatever their order
   */
  public record Rows(long training, long validation, long key) implements Serializable {
    /** No rows at all. */
    public static final Rows NONE = new Rows(0, 0, 0);
  }

  /** Returns this identity with the rows that were counted. */
  public RunIdentity with(Rows counted) {
    return new RunIdentity(
        network,
        optimizer,
        seed,
        batchSize,
        microBatches,
        gradientGroups,
        linkPrecision,
        computePrecision,
        cut,
        epochs,
        stopping,
        initial,
        counted);
  }

  /**
   * Returns in words the first thing in which a run differs from this one, which was saved; empty
   * if it may go on from there. Rows are compared where both know them.
   */
  public Optional<String> difference(RunIdentity run) {
    if (!network.equals(run.network)) {
      int at = firstDifference(network, run.network);
      return differs("network", excerpt(network, at), excerpt(run.network, at));
    }
    if (!optimizer.equals(run.optimizer)) {
      return differs("optimizer", optimizer, run.optimizer);
    }
    if (seed != run.seed) {
      return differs("seed", seed, run.seed);
    }
    if (batchSize != run.batchSize) {
      return differs("batchSize", batchSize, run.batchSize);
    }
    if (microBatches != run.microBatches) {
      return differs("numMicroBatches", microBatches, run.microBatches);
    }
    if (!Objects.equals(gradientGroups, run.gradientGroups)) {
      return differs(
          "gradientGroups (of as many replicas)",
          groups(gradientGroups),
          groups(run.gradientGroups));
    }
    if (!linkPrecision.equals(run.linkPrecision)) {
      return differs("linkPrecision", linkPrecision, run.linkPrecision);
    }
    if (!computePrecision.equals(run.computePrecision)) {
      return differs("computePrecision", computePrecision, run.computePrecision);
    }
    if (!Objects.equals(cut, run.cut)) {
      return differs("the cut, from which weights follow where links round", cut, run.cut);
    }
    if (!Objects.equals(epochs, run.epochs)) {
      return differs("maxIter, by which the learning rate falls", epochs, run.epochs);
    }
    if (!Objects.equals(stopping, run.stopping)) {
      return differs("early stopping", stopping, run.stopping);
    }
    if (!Objects.equals(initial, run.initial)) {
      return differs("initialModel", initial, run.initial);
    }
    if (data == null || run.data == null || data.equals(run.data)) {
      return Optional.empty();
    }
    if (data.training != run.data.training || data.validation != run.data.validation) {
      return differs(
          "data",
          new Amount(data.training, "row")
              + " to train on and "
              + data.validation
              + " for validation",
          run.data.training + " and " + run.data.validation);
    }
    return Optional.of("data: as many rows, of which some hold other numbers");
  }

  private static int groups(Integer some) {
    return some == null ? 1 : some;
  }

  private static Optional<String> differs(String what, Object saved, Object now) {
    return Optional.of(
        what + ": the checkpoint's is " + shortened(saved) + ", this run's " + shortened(now));
  }

  private static String shortened(Object value) {
    String text = String.valueOf(value);
    return text.length() <= MOST_CHARACTERS ? text : text.substring(0, MOST_CHARACTERS) + "…";
  }

  private static int firstDifference(String one, String other) {
    int at = 0;
    while (at < Math.min(one.length(), other.length()) && one.charAt(at) == other.charAt(at)) {
      at++;
    }
    return at;
  }

  private static String excerpt(String text, int at) {
    int from = Math.max(0, at - MOST_CHARACTERS / 6);
    int to = Math.min(text.length(), at + MOST_CHARACTERS / 3);
    return (from > 0 ? "…" : "") + text.substring(from, to) + (to < text.length() ? "…" : "");
  }
}
