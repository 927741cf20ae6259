package io.penstock.launch.cluster;

import io.penstock.Amount;
import io.penstock.Bytes;
import io.penstock.Internal;
import io.penstock.nn.network.Sequential;
import io.penstock.schedule.Action;
import io.penstock.train.LayerOwners;
import io.penstock.train.RankResult;
import io.penstock.train.StepSchedule;
import io.penstock.train.Topology;
import io.penstock.train.TrainingPlan;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.apache.spark.SparkConf;

/**
 * Sizes of the results that the ranks of a run send to the driver when it is over: times and losses
 * of the newest steps and, of a small network, the weights, as the results of Spark's tasks.
 * Immutable. Spark ends a job whose results, serialised and taken together, are more than {@code
 * spark.driver.maxResultSize}; then everything that was learnt would be lost.
 *
 * @param parameters weights that each rank sends, by rank; empty for a job whose results are small
 * @param besides the most bytes that each rank sends besides: how many steps there will be is not
 *     known before the rows are counted
 */
@Internal
public record ResultBytes(List<Long> parameters, long besides) {
  static final String LIMIT = "spark.driver.maxResultSize";
  static final String LIMIT_DEFAULT = "1g";

  /** Results of a job that sends next to nothing. */
  public static final ResultBytes SMALL = new ResultBytes(List.of(), 0);

  /** Bytes for names of classes and fields, and for metrics. */
  private static final long FRAME = 16 << 10;

  /** Most bytes that an {@link io.penstock.train.ActionTime} takes, or a part's time. */
  private static final long OF_AN_ACTION = 64;

  /**
   * Most bytes of a rank: Spark serialises a result to one array of bytes, and Java's has a little
   * less than 2 GiB.
   */
  private static final long MOST_OF_A_RANK = Integer.MAX_VALUE - FRAME;

  /** Ranks that a message lists. */
  private static final int LISTED = 16;

  public ResultBytes {
    parameters = List.copyOf(parameters);
  }

  /** Returns the sizes of a run's results. */
  public static ResultBytes of(TrainingPlan plan) {
    Sequential network = plan.network();
    Topology topology = plan.topology();
    LayerOwners owners = LayerOwners.of(network, plan.cut(), topology.replicas());
    List<Long> parameters = new ArrayList<>(Collections.nCopies(plan.ranks(), 0L));
    for (int layer = 0; layer < network.layers().size(); layer++) {
      if (network.owner(layer) == layer) {
        int rank = topology.rankOf(owners.of(layer), plan.cut().stageOf(layer));
        parameters.set(rank, parameters.get(rank) + network.parameterCount(layer));
      }
    }
    long actions =
        StepSchedule.of(plan, network).ranks().stream()
            .mapToLong(ResultBytes::timed)
            .max()
            .orElseThrow();
    // Handed over and come: at most all layers, to and from every other replica.
    long parts = 2L * (topology.replicas() - 1) * network.layers().size();
    return new ResultBytes(
        parameters, FRAME + RankResult.STEP_BYTES + OF_AN_ACTION * (actions + parts));
  }

  /** Returns the sizes of results without weights, which the ranks write to files. */
  ResultBytes withoutWeights() {
    return new ResultBytes(Collections.nCopies(parameters.size(), 0L), besides);
  }

  /** Returns the bytes of all weights. */
  long weights() {
    return Float.BYTES * parameters.stream().mapToLong(Long::longValue).sum();
  }

  private static long timed(List<Action> actions) {
    return actions.stream()
        .filter(action -> action.kind().isCompute() || action.kind().endsMiniBatch())
        .count();
  }

  /** Returns why Spark would not take them, each with what to do; empty if it would. */
  List<String> problems(SparkConf conf) {
    long limit = conf.getSizeAsBytes(LIMIT, LIMIT_DEFAULT);
    long sum = parameters.stream().mapToLong(this::bytes).sum();
    List<String> wrong = new ArrayList<>();
    if (limit > 0 && sum > limit) { // 0 is Spark's word for no limit
      wrong.add(
          String.format(
              Locale.ROOT,
              "Results: after the last epoch the ranks send %s weights to the driver, by rank, %d"
                  + " bytes each, and up to %s more a rank, mostly times and losses of the"
                  + " newest %s: together %s. That is more than %s=%s, %s, where"
                  + " Spark ends the job and all would be lost. Set --conf %s=%dm (0 for no limit),"
                  + " and --driver-memory to hold them.",
              listed(),
              Float.BYTES,
              new Bytes(besides).up(),
              new Amount(RankResult.MOST_STEPS, "step"),
              new Bytes(sum).up(),
              LIMIT,
              conf.get(LIMIT, LIMIT_DEFAULT),
              new Bytes(limit).down(),
              LIMIT,
              NativeMemory.mebibytes(sum)));
    }
    for (int rank = 0; rank < parameters.size(); rank++) {
      if (bytes(parameters.get(rank)) > MOST_OF_A_RANK) {
        wrong.add(
            String.format(
                Locale.ROOT,
                "Results: rank %d sends its weights to the driver after the last epoch, %d bytes"
                    + " for each of %s, and Spark takes 2 GiB from one at most. Take more"
                    + " stages.",
                rank,
                Float.BYTES,
                new Amount(parameters.get(rank), "number")));
      }
    }
    return wrong;
  }

  /** Returns the numbers of weights by rank, of very many ranks the first. */
  String listed() {
    return parameters.size() <= LISTED
        ? parameters.toString()
        : parameters.subList(0, LISTED).toString().replace("]", ", ...]");
  }

  private long bytes(long numbers) {
    return Float.BYTES * numbers + besides;
  }
}
