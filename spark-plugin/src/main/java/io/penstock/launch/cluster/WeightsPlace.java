package io.penstock.launch.cluster;

import io.penstock.Bytes;
import io.penstock.Internal;
import io.penstock.conf.Settings;
import io.penstock.train.TrainingPlan;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import scala.jdk.javaapi.OptionConverters;

/**
 * Place of a run's weights when it is over: the driver's memory, to which ranks send them with
 * their results, or a directory, to which each rank writes its own layers. Chosen before the job,
 * by the network's size. Immutable.
 *
 * @param directory that the driver and all executors share, where weights go there; empty where
 *     they come to the driver
 * @param results bytes that the ranks send
 * @param problems why there is no such place, with what to do; empty if there is one
 */
@Internal
public record WeightsPlace(Optional<String> directory, ResultBytes results, List<String> problems) {
  /** No weights: the place of a job that trains nothing. */
  public static final WeightsPlace NONE =
      new WeightsPlace(Optional.empty(), ResultBytes.SMALL, List.of());

  /**
   * Returns the place of a run's weights.
   *
   * @param checkpoints directory of the run's checkpoints, if it leaves some
   */
  public static WeightsPlace of(
      SparkContext context, TrainingPlan plan, Optional<String> checkpoints) {
    SparkConf conf = context.getConf();
    // Files in it go with the application, as all that Spark has there.
    Optional<String> disk =
        NativeMemory.isLocal(conf)
            ? Stream.of(SparkEnv.get().blockManager().diskBlockManager().localDirs())
                .findFirst()
                .map(own -> own.toURI().toString())
            : Optional.empty();
    Optional<String> directory =
        Stream.of(
                Settings.MODEL_DIRECTORY.given(conf),
                checkpoints,
                OptionConverters.toJava(context.getCheckpointDir()),
                disk)
            .flatMap(Optional::stream)
            .findFirst();
    return of(conf, ResultBytes.of(plan), directory);
  }

  /**
   * Returns the place of weights.
   *
   * @param results with the weights
   * @param directory that the driver and all executors share; empty if none is known
   */
  static WeightsPlace of(SparkConf conf, ResultBytes results, Optional<String> directory) {
    long limit = ModelMemory.limit(conf, directory.isPresent());
    if (results.weights() <= limit && results.problems(conf).isEmpty()) {
      return new WeightsPlace(Optional.empty(), results, List.of());
    }
    if (directory.isPresent()) {
      ResultBytes rest = results.withoutWeights();
      return new WeightsPlace(directory, rest, rest.problems(conf));
    }
    return new WeightsPlace(Optional.empty(), results, List.of(refusal(conf, results, limit)));
  }

  private static String refusal(SparkConf conf, ResultBytes results, long limit) {
    return String.format(
        Locale.ROOT,
        "Weights: those of this network are %s, %d bytes a number (%s numbers by rank), too many to"
            + " come to the driver when the run is over: it holds %s at most (%s, %s), and Spark"
            + " takes %s=%s of all results and less than 2 GiB of one. Let the ranks write them to"
            + " a directory instead: set --conf %s to one of a file system that the driver and all"
            + " executors share, such as hdfs:///models, or give the SparkContext a checkpoint"
            + " directory there.",
        new Bytes(results.weights()).up(),
        Float.BYTES,
        results.listed(),
        new Bytes(limit).down(),
        Settings.MODEL_MEMORY.key(),
        Settings.MODEL_MEMORY.given(conf).isPresent() ? "as set" : "a third of its heap unless set",
        ResultBytes.LIMIT,
        conf.get(ResultBytes.LIMIT, ResultBytes.LIMIT_DEFAULT),
        Settings.MODEL_DIRECTORY.key());
  }
}
