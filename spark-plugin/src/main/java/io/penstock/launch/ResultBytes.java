package io.penstock.launch;

import io.penstock.nn.Sequential;
import io.penstock.train.TrainingPlan;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.apache.spark.SparkConf;

/**
 * What the ranks of a run send to the driver when it is over: their weights, as the results of
 * Spark's tasks. Spark ends a job whose results, serialised and taken together, are more than
 * {@code spark.driver.maxResultSize}; then everything that was learnt would be lost.
 *
 * @param parameters how many numbers each rank sends, by rank; empty for a job whose results are
 *     small
 */
record ResultBytes(List<Long> parameters) {
  static final String LIMIT = "spark.driver.maxResultSize";
  private static final String LIMIT_DEFAULT = "1g";

  /** A job that sends next to nothing. */
  static final ResultBytes SMALL = new ResultBytes(List.of());

  /** What a task's result has besides the weights: times and losses of steps, metrics. */
  private static final long BESIDES = 16 << 10;

  /** Spark serialises a result to one array of bytes. */
  private static final long MOST_OF_A_RANK = Integer.MAX_VALUE - BESIDES;

  /** Ranks that a message lists. */
  private static final int LISTED = 16;

  ResultBytes {
    parameters = List.copyOf(parameters);
  }

  /** Those of a run. */
  static ResultBytes of(TrainingPlan plan) {
    Sequential network = plan.network();
    List<Long> parameters = new ArrayList<>(Collections.nCopies(plan.ranks(), 0L));
    for (int layer = 0; layer < network.layers().size(); layer++) {
      if (network.owner(layer) == layer) {
        int rank = plan.schedule().rankOf(plan.cut().stageOf(layer));
        parameters.set(rank, parameters.get(rank) + network.parameterCount(layer));
      }
    }
    return new ResultBytes(parameters);
  }

  /** Why Spark would not take them, each with what to do; empty if it would. */
  List<String> complaints(SparkConf conf) {
    long limit = conf.getSizeAsBytes(LIMIT, LIMIT_DEFAULT);
    long sum = parameters.stream().mapToLong(ResultBytes::bytes).sum();
    List<String> wrong = new ArrayList<>();
    if (limit > 0 && sum > limit) { // 0 is Spark's word for no limit
      wrong.add(
          String.format(
              Locale.ROOT,
              "Results: after the last epoch the ranks send their weights to the driver, %d bytes a"
                  + " number and %d more a rank: %s numbers by rank, together %d bytes. That is more"
                  + " than %s=%s, %d bytes, where Spark ends the job and all would be lost. Set"
                  + " --conf %s=%dm (0 for no limit), and --driver-memory to hold them.",
              Float.BYTES,
              BESIDES,
              listed(),
              sum,
              LIMIT,
              conf.get(LIMIT, LIMIT_DEFAULT),
              limit,
              LIMIT,
              NativeMemory.mebibytes(sum)));
    }
    for (int rank = 0; rank < parameters.size(); rank++) {
      if (bytes(parameters.get(rank)) > MOST_OF_A_RANK) {
        wrong.add(
            String.format(
                Locale.ROOT,
                "Results: rank %d sends its weights to the driver after the last epoch, %d bytes for"
                    + " each of %d numbers, and Spark takes 2 GiB from one at most. Take more"
                    + " stages.",
                rank,
                Float.BYTES,
                parameters.get(rank)));
      }
    }
    return wrong;
  }

  private String listed() {
    return parameters.size() <= LISTED
        ? parameters.toString()
        : parameters.subList(0, LISTED).toString().replace("]", ", ...]");
  }

  private static long bytes(long numbers) {
    return Float.BYTES * numbers + BESIDES;
  }
}
