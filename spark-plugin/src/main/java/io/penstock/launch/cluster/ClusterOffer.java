package io.penstock.launch.cluster;

import io.penstock.Internal;
import io.penstock.event.RankPlace;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.resource.ResourceInformation;
import org.apache.spark.status.api.v1.ExecutorSummary;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Offer of the cluster for a barrier job now: executors, slots, cores, memory and GPUs. Immutable.
 *
 * @param local whether all tasks are threads of the driver's own JVM
 * @param executors registered executors that stay; 1 in local mode
 * @param slots task slots: tasks that can run at the same time
 * @param expected executors that will come in the end, where the settings tell
 * @param coresPerExecutor cores that every registered executor has at least
 * @param taskCpus cores of a task
 * @param threads OpenMP threads of an executor that the settings ask for; 0 if they do not
 * @param dynamicAllocation whether the number of executors follows the load; never in local mode
 * @param memory of an executor
 * @param gpus of the executors
 * @param leaving registered executors that Spark is about to take away, in words: they take no more
 *     tasks
 */
@Internal
public record ClusterOffer(
    boolean local,
    int executors,
    int slots,
    OptionalInt expected,
    int coresPerExecutor,
    int taskCpus,
    int threads,
    boolean dynamicAllocation,
    ExecutorMemory memory,
    GpuOffer gpus,
    List<String> leaving) {
  private static final Pattern LOCAL_CLUSTER = Pattern.compile("local-cluster\\[\\s*(\\d+)\\s*,.*");

  /** Copies the list. */
  public ClusterOffer {
    leaving = List.copyOf(leaving);
  }

  /**
   * Makes the offer of a cluster that no executor is about to leave, and whose executors may take
   * so many bytes for arrays.
   */
  ClusterOffer(
      boolean local,
      int executors,
      int slots,
      OptionalInt expected,
      int coresPerExecutor,
      int taskCpus,
      int threads,
      boolean dynamicAllocation,
      long nativeBytes,
      GpuOffer gpus) {
    this(
        local,
        executors,
        slots,
        expected,
        coresPerExecutor,
        taskCpus,
        threads,
        dynamicAllocation,
        local
            ? ExecutorMemory.ofDriver(nativeBytes)
            : new ExecutorMemory(
                ExecutorMemory.Counted.BY_NOBODY, nativeBytes, nativeBytes, "as set"),
        gpus,
        List.of());
  }

  /** Asks the scheduler; cheap enough to poll. */
  public static ClusterOffer of(SparkContext context) {
    SparkConf conf = context.getConf();
    boolean local = context.isLocal();
    int taskCpus = conf.getInt("spark.task.cpus", 1);
    Map<Boolean, List<ExecutorSummary>> registered =
        (local ? List.<ExecutorSummary>of() : executors(context))
            .stream()
                .collect(
                    Collectors.partitioningBy(one -> ExecutorWatch.isLeaving(context, one.id())));
    List<ExecutorSummary> executors = registered.get(false);
    int slots =
        context.maxNumConcurrentTasks(context.resourceProfileManager().defaultResourceProfile());
    int[] cores =
        local
            ? new int[] {slots * taskCpus}
            : executors.stream().mapToInt(ExecutorSummary::totalCores).toArray();
    int least = Arrays.stream(cores).min().orElse(taskCpus);
    GpuOffer gpus =
        new GpuOffer(
            local ? gpus(context.resources()) : gpus(conf, executors),
            GpuOffer.perTask(conf),
            !local && StageProfile.isKnown(context));
    if (cores.length > 0 && gpus.perExecutor() > 0) {
      // A GPU more or less in the default profile does not matter: stages have one of their own.
      slots =
          StageProfile.of(context, least, taskCpus, gpus, true)
              .map(context::maxNumConcurrentTasks)
              .orElse(slots);
    }
    return new ClusterOffer(
        local,
        cores.length,
        slots,
        expected(conf),
        least,
        taskCpus,
        conf.getInt("spark.executorEnv.OMP_NUM_THREADS", 0),
        !local && conf.getBoolean("spark.dynamicAllocation.enabled", false), // as Spark has it
        ExecutorMemory.of(conf),
        gpus,
        registered.get(true).stream()
            .map(one -> "executor " + one.id() + " on " + one.hostPort().replaceAll(":\\d+$", ""))
            .toList());
  }

  /** Returns the bytes that native arrays of an executor may take. */
  public long nativeBytes() {
    return memory.arrays();
  }

  /**
   * Returns how many ranks of a run find an executor each (in local mode a thread): 1 to {@code
   * most}.
   */
  public int ranks(int most) {
    int room = local ? slots : Math.min(executors, slots);
    return Math.max(1, Math.min(room, most));
  }

  /**
   * Returns executors and their cores from one source: counted apart from each other while
   * executors register, they gave cores that no executor has, and a barrier job waits for such for
   * ever.
   */
  private static List<ExecutorSummary> executors(SparkContext context) {
    return CollectionConverters.asJava(context.statusStore().executorList(true)).stream()
        .filter(executor -> executor.totalCores() > 0) // the driver is listed without cores
        .toList();
  }

  private static int gpus(SparkConf conf, List<ExecutorSummary> executors) {
    return executors.stream()
        .mapToInt(executor -> gpus(executor.resources()))
        .min()
        .orElse(conf.getInt(GpuOffer.EXECUTOR_AMOUNT, 0));
  }

  private static int gpus(scala.collection.Map<String, ResourceInformation> resources) {
    return resources.get(RankPlace.GPU).map(gpu -> gpu.addresses().length).getOrElse(() -> 0);
  }

  private static OptionalInt expected(SparkConf conf) {
    Matcher localCluster = LOCAL_CLUSTER.matcher(conf.get("spark.master", ""));
    if (localCluster.matches()) {
      return OptionalInt.of(Integer.parseInt(localCluster.group(1)));
    }
    if (conf.contains("spark.executor.instances")) {
      return OptionalInt.of(conf.getInt("spark.executor.instances", 0));
    }
    if (conf.contains("spark.cores.max") && conf.contains("spark.executor.cores")) {
      return OptionalInt.of(
          conf.getInt("spark.cores.max", 0) / conf.getInt("spark.executor.cores", 1));
    }
    return OptionalInt.empty();
  }
}
