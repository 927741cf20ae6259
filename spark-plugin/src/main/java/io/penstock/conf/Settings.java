package io.penstock.conf;

import static io.penstock.conf.SettingType.BYTES;
import static io.penstock.conf.SettingType.COUNT;
import static io.penstock.conf.SettingType.FLAG;
import static io.penstock.conf.SettingType.TEXT;
import static io.penstock.conf.SettingType.TIME;
import static io.penstock.conf.SettingType.oneOf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.text.similarity.LevenshteinDistance;
import org.apache.spark.SparkConf;

/**
 * Settings of Penstock, all of them; {@code conf/README.md} lists them from here. Any thread may
 * read.
 */
public final class Settings {
  private static final String PREFIX = "spark.penstock.";

  /** Prefix of the names of links' own settings; the rest is Spark's, as of its RPC. */
  public static final String LINK_IO = "spark.penstock.io.";

  /** Wait for executors before a run is refused, in milliseconds. */
  public static final Setting<Long> PREFLIGHT_WAIT =
      Setting.of(
          "spark.penstock.preflight.wait",
          TIME,
          "60s",
          "How long to wait for executors to register before a run is refused.");

  /** Failures in a row after which a run ends. */
  public static final Setting<Integer> MAX_FAILURES =
      Setting.open(
          "spark.penstock.recovery.maxFailures",
          COUNT,
          "spark.task.maxFailures, 4 unless set; 1 on local masters",
          "How many times in a row, without a new checkpoint in between, a run may fail"
              + " before it ends: it starts again after all but the last, from its newest"
              + " checkpoint. 1 for no second try.");

  /** Pause before a run starts again, in milliseconds. */
  public static final Setting<Long> BACK_OFF =
      Setting.of(
          "spark.penstock.recovery.backOff",
          TIME,
          "1s",
          "The pause before a run starts again. It doubles with every further failure in a row, to"
              + " a minute at most.");

  /** Wait for executors in place of lost ones, in milliseconds. */
  public static final Setting<Long> RECOVERY_WAIT =
      Setting.of(
          "spark.penstock.recovery.wait",
          TIME,
          "30min",
          "How long a run that starts again waits for executors in place of those that it has"
              + " lost.");

  /** Fewer stages where there are fewer executors. */
  public static final Setting<Boolean> ELASTIC =
      Setting.of(
          "spark.penstock.elastic",
          FLAG,
          "false",
          "Whether a run that has lost executors goes on with fewer stages on those that are left,"
              + " and with more again at a checkpoint after others have come.");

  /** Time without a sign of life after which a rank has stalled, in milliseconds. */
  public static final Setting<Long> STALL_TIMEOUT =
      Setting.open(
          "spark.penstock.stallTimeout",
          TIME,
          "60s, and for code that runs at least 10 of the rank's longest steps; in its first step"
              + " 10 min",
          "How long a rank may be silent, or neither move on nor wait for another, before it counts"
              + " as lost and the run ends; and how long all may wait for each other. Ranks are"
              + " heard once a second. 0 for ever.");

  /** Largest model, in bytes of weights, that the driver holds in memory. */
  public static final Setting<Long> MODEL_MEMORY =
      Setting.open(
          "spark.penstock.model.memory",
          BYTES,
          "64m; a third of the driver's heap where no directory is shared",
          "Weights of a model up to this size come to the driver's memory when a fit or a load is"
              + " over. The model of a larger network is a reference to its files. Never more than"
              + " spark.driver.maxResultSize allows.");

  /** Directory for the weights of fitted models that are too large for the driver's memory. */
  public static final Setting<String> MODEL_DIRECTORY =
      Setting.open(
          "spark.penstock.model.dir",
          TEXT,
          "the directory of the fit's checkpoints or of the SparkContext's; Spark's local directory"
              + " on local masters",
          "Where executors leave the weights of a fitted model that is too large for the driver's"
              + " memory: a directory of a file system that the driver and all executors share."
              + " What is there goes when the application ends; save() copies it.");

  /** Way of scoring: {@code auto}, {@code local} or {@code pipeline}. */
  public static final Setting<String> SCORING_WAY =
      Setting.of(
          "spark.penstock.scoring.way",
          oneOf("auto", "local", "pipeline"),
          "auto",
          "How transform scores: local, each process with the whole network; pipeline, rows flow"
              + " through stages on executors of their own; or auto, which is local where the"
              + " network fits into an executor's native memory, and on local masters. A session"
              + " may have its own.");

  /** Stages of scoring through a pipeline. */
  public static final Setting<Integer> SCORING_STAGES =
      Setting.open(
          "spark.penstock.scoring.stages",
          COUNT,
          "the fewest, 2 at least, of which each fits into an executor's native memory",
          "How many stages, one on each of as many executors, transform scores through where it"
              + " does so. A session may have its own.");

  /** Time for which a process keeps a network that nobody scores with, in milliseconds. */
  public static final Setting<Long> SCORING_KEEP =
      Setting.of(
          "spark.penstock.scoring.keep",
          TIME,
          "60s",
          "How long a process keeps its copy of a network after the last task that scored with it:"
              + " the next within that time need not load it. A stream whose micro-batches come"
              + " less often than that loads it for each.");

  /** Way to compute on GPUs: {@code auto}, {@code cuda}, {@code nd4j-cuda} or {@code cpu}. */
  public static final Setting<String> BACKEND =
      Setting.of(
          "spark.penstock.backend",
          oneOf("auto", "cuda", "nd4j-cuda", "cpu"),
          "auto",
          "How stages compute on the GPUs that Spark gives them: cuda, through NVIDIA's driver with"
              + " Penstock's own kernels; nd4j-cuda, by ND4J's CUDA backend; auto, cuda where the"
              + " GPU is one for that, and else nd4j-cuda where its jars are there and it can; or"
              + " cpu, which keeps the application off GPUs.");

  /** Instruction set of the kernels: {@code auto}, {@code avx2} or {@code avx512}. */
  public static final Setting<String> INSTRUCTION_SET =
      Setting.of(
          "spark.penstock.compute.isa",
          oneOf("auto", "avx2", "avx512"),
          "auto",
          "What every process computes with: auto, the best instruction set that its processor has;"
              + " or avx2 or avx512 on all alike, so that also on processors that differ a result"
              + " does not depend on where the network is cut. A process that has loaded its"
              + " kernels keeps them.");

  /** Path or name of NVIDIA's tool that lists a machine's GPUs. */
  public static final Setting<String> NVIDIA_SMI =
      Setting.of(
          "spark.penstock.gpu.nvidiaSmi",
          TEXT,
          "nvidia-smi",
          "Path or name of NVIDIA's tool that lists a machine's GPUs: it tells which GPU an index"
              + " is.");

  /** Off-heap memory for the rows of a rank, in bytes. */
  public static final Setting<Long> FEED_MEMORY =
      Setting.computed(
          "spark.penstock.feed.memory",
          BYTES,
          "a quarter of the heap's size",
          () -> Runtime.getRuntime().maxMemory() / 4,
          "Off-heap memory for the rows of a rank, and at most half of what its stage leaves of its"
              + " executor's; what does not fit goes to a file in Spark's local directory. In local"
              + " mode every rank takes as much.");

  /** Feed from the columns of the RAPIDS Accelerator: {@code auto} or {@code never}. */
  public static final Setting<String> FEED_COLUMNS =
      Setting.of(
          "spark.penstock.feed.columns",
          oneOf("auto", "never"),
          "auto",
          "Whether rows that the RAPIDS Accelerator prepares on a GPU come from its columns (auto)"
              + " or, as all others, as rows (never). The results are the same.");

  /** Name or address under which the other executors reach this one. */
  public static final Setting<String> LINK_HOST =
      Setting.open(
          "spark.penstock.link.host",
          TEXT,
          "the host that Spark itself advertises",
          "The name or address under which the other executors reach this one.");

  /** Address on which an executor listens for the others. */
  public static final Setting<String> LINK_BIND_ADDRESS =
      Setting.open(
          "spark.penstock.link.bindAddress",
          TEXT,
          "the address that Spark itself listens on",
          "The address on which an executor listens for the others; 0.0.0.0 for all interfaces.");

  /** Links over sockets also between ranks of one JVM. */
  public static final Setting<Boolean> NETWORK_ONLY =
      Setting.of(
          "spark.penstock.link.networkOnly",
          FLAG,
          "false",
          "Reach stages of the same JVM over sockets too: to try and to measure on one machine"
              + " what a cluster does.");

  /**
   * Threads that take in frames, read by Spark's transport. A stage talks to two neighbours; two
   * threads a core are a crowd.
   */
  public static final Setting<Integer> SERVER_THREADS =
      Setting.of(
          LINK_IO + "serverThreads",
          COUNT,
          "2",
          "Threads that take in frames on an executor. All else that Spark documents as"
              + " spark.rpc.io.* may be set as spark.penstock.io.* too.");

  /** Threads that send frames, read by Spark's transport. */
  public static final Setting<Integer> CLIENT_THREADS =
      Setting.of(
          LINK_IO + "clientThreads", COUNT, "2", "Threads that send frames from an executor.");

  /** Tab "Pipeline" in Spark's UI. */
  public static final Setting<Boolean> UI_ENABLED =
      Setting.of(
          "spark.penstock.ui.enabled", FLAG, "true", "Whether Spark's UI has the tab Pipeline.");

  /** Runs that the tab keeps at most. */
  public static final Setting<Integer> RETAINED_RUNS =
      Setting.of(
          "spark.penstock.ui.retainedRuns",
          COUNT,
          "100",
          "How many runs the tab keeps; the oldest that are over go first.");

  /**
   * Mode of progress in the driver's console: {@code auto}, {@code line}, {@code log} or {@code
   * off}.
   */
  public static final Setting<String> CONSOLE =
      Setting.of(
          "spark.penstock.ui.console",
          oneOf("auto", "line", "log", "off"),
          "auto",
          "How the driver's console tells how far a run is: line, which is drawn anew; log, lines"
              + " in the log at level INFO; off; or auto, which is line where standard error is a"
              + " terminal, else log.");

  /** Time between two lines of progress in the log, in milliseconds. */
  public static final Setting<Long> CONSOLE_INTERVAL =
      Setting.of(
          "spark.penstock.ui.console.interval",
          TIME,
          "5s",
          "The time between two such lines in the log.");

  /** Those that a run hangs on. */
  private static final List<Setting<?>> OF_RUNS =
      List.of(
          PREFLIGHT_WAIT,
          MAX_FAILURES,
          BACK_OFF,
          RECOVERY_WAIT,
          ELASTIC,
          STALL_TIMEOUT,
          MODEL_MEMORY,
          MODEL_DIRECTORY,
          SCORING_WAY,
          SCORING_STAGES,
          SCORING_KEEP,
          BACKEND,
          INSTRUCTION_SET,
          NVIDIA_SMI,
          FEED_MEMORY,
          FEED_COLUMNS,
          LINK_HOST,
          LINK_BIND_ADDRESS,
          NETWORK_ONLY,
          SERVER_THREADS,
          CLIENT_THREADS);

  /** Those of what shows runs; an application goes on without it where one is wrong. */
  private static final List<Setting<?>> OF_VIEWS =
      List.of(UI_ENABLED, RETAINED_RUNS, CONSOLE, CONSOLE_INTERVAL);

  private static final int MOST_TYPOS = 3;

  private Settings() {}

  /** Returns all settings, in the order in which they are documented. */
  public static List<Setting<?>> all() {
    return Stream.of(OF_RUNS, OF_VIEWS).<Setting<?>>flatMap(List::stream).toList();
  }

  /**
   * Checks every setting of a run that is given, before anything reads it.
   *
   * @throws IllegalArgumentException with all that have no value of their type; says what to write
   */
  public static void check(SparkConf conf) {
    List<String> refused = refused(conf);
    if (!refused.isEmpty()) {
      throw new IllegalArgumentException(String.join(" ", refused));
    }
  }

  /** Returns a sentence on each setting of a run that has no value of its type: what to write. */
  public static List<String> refused(SparkConf conf) {
    List<String> refused = new ArrayList<>();
    for (Setting<?> setting : OF_RUNS) {
      try {
        setting.given(conf);
      } catch (IllegalArgumentException wrong) {
        refused.add(wrong.getMessage());
      }
    }
    return refused;
  }

  /**
   * Returns a sentence on each key that begins as ours do and is none, so that nothing reads it. It
   * names the setting that was meant, if one is alike.
   */
  public static List<String> unknown(SparkConf conf) {
    return Arrays.stream(conf.getAllWithPrefix(PREFIX))
        .map(each -> PREFIX + each._1())
        .filter(key -> !key.startsWith(LINK_IO))
        .filter(key -> all().stream().noneMatch(setting -> setting.key().equals(key)))
        .sorted()
        .map(key -> key + " is no setting of Penstock's: nothing reads it." + meant(key))
        .toList();
  }

  private static String meant(String key) {
    LevenshteinDistance typos = new LevenshteinDistance(MOST_TYPOS);
    return all().stream()
        .map(Setting::key)
        .filter(known -> typos.apply(known, key) >= 0)
        .min(Comparator.comparing(known -> typos.apply(known, key)))
        .map(known -> " Did you mean " + known + "?")
        .orElse("");
  }
}
