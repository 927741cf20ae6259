package io.penstock.train;

import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.Schedule;
import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Retention of what a rank could make again: copies of weights that kernels pack, and the gradients
 * of all layers at a time. Where memory is short it lets go of them; what is learnt is the same to
 * the last bit. Immutable.
 *
 * <p>Without packed copies, a product packs its weights at every use, in room for one layer's
 * (about a third more time for products of 64 rows). Without gradients, the weight gradients of a
 * stage come last, layer by layer over all micro-batches, each followed by the layer's update, in
 * memory for one layer's gradient; the activations of all micro-batches are kept until then. It is
 * the fused backward of LOMO (Lv et al. 2023, "Full Parameter Fine-tuning for Large Language Models
 * with Limited Resources"), for many micro-batches and any optimizer.
 *
 * @param packed whether packed copies are kept from one use to the next
 * @param gradients whether the gradients of all layers are there at a time
 */
public record Retention(boolean packed, boolean gradients) implements Serializable {
  /** Retention of everything, which is quickest. */
  public static final Retention ALL = new Retention(true, true);

  /**
   * Returns what a plan's ranks can retain, the quickest first.
   *
   * @param network the plan's
   */
  public static List<Retention> choices(TrainingPlan plan, Sequential network) {
    boolean lets =
        mayLetGradientsGo(
            network,
            plan.schedule(),
            Updater.fromJson(plan.updaterJson()),
            plan.badNumbers(),
            plan.replication());
    return Stream.of(
            ALL,
            new Retention(true, false),
            new Retention(false, true),
            new Retention(false, false))
        .filter(choice -> lets || choice.gradients)
        .toList();
  }

  /**
   * Returns whether a layer may be updated before the gradients of all others are known. Clipping
   * by the norm and skipping of bad steps look at all gradients first, replicas and gradient groups
   * add to them, and tied weights have some from several stages.
   */
  public static boolean mayLetGradientsGo(
      Sequential network,
      Schedule schedule,
      Updater updater,
      BadNumbers badNumbers,
      Replication replication) {
    return !schedule.isForwardOnly()
        && mayLetGradientsGo(network, updater, badNumbers, replication);
  }

  /** Returns the same of a schedule that learns. */
  public static boolean mayLetGradientsGo(
      Sequential network, Updater updater, BadNumbers badNumbers, Replication replication) {
    return updater.clipNorm().isEmpty()
        && badNumbers == BadNumbers.FAIL
        && replication.gradientGroups() == 1
        && IntStream.range(0, network.layers().size())
            .allMatch(layer -> network.owner(layer) == layer);
  }

  /** Returns, in words that follow a schedule's, what a rank makes again; empty if nothing. */
  public String words() {
    return packed ? "" : ", weights packed at every use";
  }
}
