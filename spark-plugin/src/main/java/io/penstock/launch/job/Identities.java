package io.penstock.launch.job;

import io.penstock.checkpoint.NetworkWeights;
import io.penstock.checkpoint.RunIdentity;
import io.penstock.link.LinkPrecision;
import io.penstock.nn.update.RateDecay;
import io.penstock.nn.update.UpdateOptions;
import io.penstock.nn.update.Updater;
import io.penstock.train.TrainingPlan;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

/** Identities of runs, from their plans. Stateless; any thread may call. */
final class Identities {
  private Identities() {}

  /**
   * Returns all that a run's weights follow from, but for the rows.
   *
   * @param initial weights that it begins with
   */
  static RunIdentity of(TrainingPlan plan, Optional<NetworkWeights> initial) {
    UpdateOptions options = Updater.fromJson(plan.updaterJson()).options();
    boolean open = options.decay() != RateDecay.NONE && options.steps() == 0;
    return new RunIdentity(
        plan.networkJson(),
        plan.updaterJson(),
        plan.seed(),
        plan.batchSize(),
        plan.microBatches(),
        plan.replication().gradientGroups() == 1 ? null : plan.replication().gradientGroups(),
        plan.linkPrecision().id(),
        plan.computePrecision().id(),
        plan.linkPrecision() == LinkPrecision.FLOAT32 ? null : plan.wordsOfAll(),
        open ? plan.epochs() : null,
        "patience " + plan.stopping().patience() + ", tol " + plan.stopping().tol(),
        initial.map(Identities::words).orElse(null),
        null);
  }

  /** Returns weights in words: where they lie, or of those in memory their sum. */
  private static String words(NetworkWeights weights) {
    return weights.directory().orElseGet(() -> "weights with the CRC-32C " + sum(weights));
  }

  private static String sum(NetworkWeights weights) {
    CRC32C sum = new CRC32C();
    for (int layer : weights.layers()) {
      float[] numbers = weights.of(layer);
      ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * numbers.length);
      bytes.asFloatBuffer().put(numbers);
      sum.update(bytes);
    }
    return Long.toHexString(sum.getValue());
  }
}
