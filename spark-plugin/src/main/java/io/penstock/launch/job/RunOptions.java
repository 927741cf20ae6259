package io.penstock.launch.job;

import io.penstock.Amount;
import io.penstock.balance.Payoff;
import io.penstock.balance.Prediction;
import io.penstock.checkpoint.NetworkWeights;
import io.penstock.event.RankPlace;
import io.penstock.feed.ValidationColumn;
import io.penstock.launch.cluster.GpuUse;
import io.penstock.launch.cluster.NativeMemory;
import io.penstock.nn.NotFinite;
import io.penstock.nn.network.Sequential;
import io.penstock.train.TrainingPlan;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.SparkConf;

/**
 * Options of a run beside its training plan: validation column, initial weights, checkpoints, plans
 * for fewer executors and GPU use. Immutable.
 *
 * @param validation the column that is true for rows that are not trained on, but measured on after
 *     every epoch; the weights in the end are then those of the best epoch
 * @param initialWeights the weights to begin with, as {@link TrainingResult#weights} has them;
 *     empty for weights drawn from the seed. The optimizer begins anew
 * @param checkpoints that the run leaves on its way; empty for none
 * @param name the run's for people, such as the uid of the estimator that is fitted; may be empty
 * @param prediction of its step time, bubble and memory, where executors were measured beforehand
 * @param payoff whether its executors pay, where they were measured beforehand
 * @param gpus use of GPUs
 * @param elastic plans for fewer executors, with which the run goes on where there are no more;
 *     empty if it waits for all
 * @param places by rank, the executor that it is to be on if that can be had; empty for any
 */
public record RunOptions(
    Optional<ValidationColumn> validation,
    Optional<NetworkWeights> initialWeights,
    Optional<Checkpoints> checkpoints,
    String name,
    Optional<Prediction> prediction,
    Optional<Payoff> payoff,
    GpuUse gpus,
    Optional<ElasticPlan> elastic,
    List<RankPlace> places) {
  /** No option; on GPUs where tasks have such. */
  public static final RunOptions NONE =
      new RunOptions(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          "",
          Optional.empty(),
          Optional.empty(),
          GpuUse.AUTO,
          Optional.empty(),
          List.of());

  /** Copies the list. */
  public RunOptions {
    places = List.copyOf(places);
  }

  /** Returns these options with this validation column. */
  public RunOptions withValidation(ValidationColumn column) {
    return new RunOptions(
        Optional.of(column),
        initialWeights,
        checkpoints,
        name,
        prediction,
        payoff,
        gpus,
        elastic,
        places);
  }

  /** Returns these options with these weights to begin with. */
  public RunOptions withInitialWeights(NetworkWeights weights) {
    return new RunOptions(
        validation,
        Optional.of(weights),
        checkpoints,
        name,
        prediction,
        payoff,
        gpus,
        elastic,
        places);
  }

  /** Returns these options with these checkpoints. */
  public RunOptions withCheckpoints(Checkpoints wanted) {
    return new RunOptions(
        validation,
        initialWeights,
        Optional.of(wanted),
        name,
        prediction,
        payoff,
        gpus,
        elastic,
        places);
  }

  /** Returns these options with this name. */
  public RunOptions withName(String known) {
    return new RunOptions(
        validation, initialWeights, checkpoints, known, prediction, payoff, gpus, elastic, places);
  }

  /** Returns these options with a prediction of the run. */
  public RunOptions withPrediction(Optional<Prediction> expected) {
    return new RunOptions(
        validation, initialWeights, checkpoints, name, expected, payoff, gpus, elastic, places);
  }

  /** Returns these options with the payoff of its executors. */
  public RunOptions withPayoff(Optional<Payoff> found) {
    return new RunOptions(
        validation, initialWeights, checkpoints, name, prediction, found, gpus, elastic, places);
  }

  /** Returns these options with this use of GPUs. */
  public RunOptions withGpus(GpuUse wanted) {
    return new RunOptions(
        validation, initialWeights, checkpoints, name, prediction, payoff, wanted, elastic, places);
  }

  /** Returns these options with plans for fewer executors. */
  public RunOptions withElastic(ElasticPlan plans) {
    return new RunOptions(
        validation,
        initialWeights,
        checkpoints,
        name,
        prediction,
        payoff,
        gpus,
        Optional.of(plans),
        places);
  }

  /** Returns these options with an executor for each rank, by whose speed the plan was made. */
  public RunOptions withPlaces(List<RankPlace> wanted) {
    return new RunOptions(
        validation, initialWeights, checkpoints, name, prediction, payoff, gpus, elastic, wanted);
  }

  /**
   * Returns a plan with ranks that {@linkplain io.penstock.train.Retention retain} as much as fits
   * on an executor beside what these options ask for.
   */
  public TrainingPlan fitted(SparkConf conf, TrainingPlan plan) {
    return NativeMemory.fitted(conf, plan, validation.isPresent(), checkpoints.isPresent());
  }

  /**
   * Checks that the initial weights, if there are any, are those of the network and, as far as they
   * are in memory, numbers; those in files are looked at, and read by the ranks.
   *
   * @throws IllegalArgumentException naming the first layer that they do not fit, or that has a
   *     weight that is NaN or infinite
   * @throws java.io.UncheckedIOException naming the file, if one is gone or was replaced
   */
  void checkFit(Sequential network) {
    initialWeights.ifPresent(given -> checkFit(given, network));
  }

  private static void checkFit(NetworkWeights given, Sequential network) {
    for (int layer = 0; layer < network.layers().size(); layer++) {
      long wanted = network.owner(layer) == layer ? network.parameterCount(layer) : 0;
      if (given.size(layer) != wanted) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "Layer %d, %s, has %s, but %d initial ones are given. Begin with the"
                    + " weights of the same network.",
                layer,
                network.layers().get(layer),
                new Amount(wanted, "weight"),
                given.size(layer)));
      }
      if (wanted > 0 && given.directory().isEmpty()) {
        checkFinite(network, layer, given.of(layer));
      }
    }
    given.check();
  }

  private static void checkFinite(Sequential network, int layer, float[] given) {
    NotFinite.in(network.parameters(layer), given)
        .ifPresent(
            bad -> {
              throw new IllegalArgumentException(
                  String.format(
                      Locale.ROOT,
                      "Nothing can be learnt from the initial weights of layer %d, %s: %s. Begin"
                          + " with a network whose training has not gone bad.",
                      layer,
                      network.layers().get(layer),
                      bad));
            });
  }
}
