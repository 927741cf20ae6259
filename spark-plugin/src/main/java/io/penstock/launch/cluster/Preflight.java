package io.penstock.launch.cluster;

import io.penstock.Amount;
import io.penstock.Internal;
import io.penstock.compute.ChosenKernels;
import io.penstock.conf.Settings;
import io.penstock.device.InstructionSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pre-flight check before a run's job: slots, memory, GPUs and result sizes. Stateless; any thread
 * of the driver may call. Spark itself would retry a barrier job without slots for ten minutes and
 * say little.
 */
@Internal
public final class Preflight {
  private static final Logger LOG = LoggerFactory.getLogger(Preflight.class);

  /**
   * Quiet time after which, where no setting says how many will come, executors that have not come
   * by now are not awaited. Nor are slots: an executor is counted a little before its slots are.
   */
  private static final long QUIET_MILLIS = 5_000;

  private static final long PAUSE_MILLIS = 50;

  private Preflight() {}

  /**
   * Waits for the executors to register, then checks.
   *
   * @param neededBytes off-heap memory of the stage that needs most
   * @param weights place of the stages' weights when they are done
   * @param devices whether the stages need GPUs
   * @return the devices that the stages compute on
   * @throws PreflightException with everything that is wrong at once
   * @throws WaitEndedException if the wait was ended from outside: see {@link #settled}
   */
  public static Placement await(
      SparkContext context,
      int stages,
      long neededBytes,
      WeightsPlace weights,
      DeviceDemand devices) {
    return await(context, ExecutorDemand.of(stages), neededBytes, weights, devices);
  }

  /**
   * Waits for the executors of all replicas to register, then checks.
   *
   * @throws PreflightException with everything that is wrong at once
   * @throws WaitEndedException if the wait was ended from outside: see {@link #settled}
   */
  public static Placement await(
      SparkContext context,
      ExecutorDemand demand,
      long neededBytes,
      WeightsPlace weights,
      DeviceDemand devices) {
    return checked(found(context, demand, neededBytes, weights, devices), "train", demand);
  }

  /**
   * Waits for the executors to register, then checks whether they can score through stages, each of
   * which fits on one.
   *
   * @return the devices that the stages compute on
   * @throws PreflightException with everything that is wrong at once
   * @throws WaitEndedException if the wait was ended from outside: see {@link #settled}
   */
  public static Placement awaitToScore(SparkContext context, int stages, GpuUse gpus) {
    ExecutorDemand demand = ExecutorDemand.of(stages);
    return checked(
        found(context, demand, 0, WeightsPlace.NONE, DeviceDemand.of(gpus)),
        "score through",
        demand);
  }

  private static Placement checked(Placement placement, String what, ExecutorDemand demand) {
    List<String> problems = placement.problems();
    if (!problems.isEmpty()) {
      throw new PreflightException(
          "Cannot "
              + what
              + " "
              + demand.words()
              + " on this cluster; no job was started.\n- "
              + String.join("\n- ", problems));
    }
    return placement;
  }

  /**
   * Waits for the executors to register, then checks, and returns the problems with the placement.
   *
   * @throws WaitEndedException if the wait was ended from outside: see {@link #settled}
   */
  public static Placement found(
      SparkContext context,
      ExecutorDemand demand,
      long neededBytes,
      WeightsPlace weights,
      DeviceDemand devices) {
    int stages = demand.executors();
    ClusterOffer offer = settled(context, stages);
    List<String> problems = problems(offer, demand, neededBytes);
    problems.addAll(weights.problems());
    List<String> refused = Settings.refused(context.getConf());
    problems.addAll(refused);
    if (refused.isEmpty()) {
      instructionSetComplaint(context.getConf(), offer.local()).ifPresent(problems::add);
    }
    return problems.isEmpty()
        ? Placement.of(context, offer, stages, devices, neededBytes)
        : Placement.nowhere(offer, stages, devices, problems);
  }

  /**
   * Returns what is wrong with the instruction set that all are to compute with; empty if nothing
   * is. What an executor's processor lacks, its rank tells.
   */
  static Optional<String> instructionSetComplaint(SparkConf conf, boolean local) {
    try {
      Optional<InstructionSet> asked = NativeRuntime.asked(conf);
      if (local) {
        ChosenKernels.check(asked);
      }
      return Optional.empty();
    } catch (IllegalArgumentException wrong) {
      return Optional.of("Instruction set: " + wrong.getMessage());
    }
  }

  /**
   * Returns the cluster's offer once there is no more to wait for. While it waits, a Spark job
   * stands for that, by which it can be cancelled.
   *
   * @throws WaitEndedException if the caller is interrupted, that job is cancelled or the context
   *     is stopped
   */
  public static ClusterOffer settled(SparkContext context, int stages) {
    ClusterOffer offer = ClusterOffer.of(context);
    if (!mayStillCome(offer, stages)) {
      return offer;
    }
    String words = "Penstock waits for executors for " + new Amount(stages, "stage");
    try (WaitingJob waiting = new WaitingJob(context, words)) {
      return settled(context, stages, offer, waiting);
    }
  }

  private static ClusterOffer settled(
      SparkContext context, int stages, ClusterOffer first, WaitingJob waiting) {
    long limit = Settings.PREFLIGHT_WAIT.in(context.getConf());
    long start = System.nanoTime();
    long lastChange = start;
    ClusterOffer offer = first;
    ClusterOffer seen = null;
    while (mayStillCome(offer, stages)) {
      long now = System.nanoTime();
      if (!offer.equals(seen)) {
        seen = offer;
        lastChange = now;
        LOG.info(
            "Waiting for executors: {} registered, {}, {}",
            seen.executors(),
            new Amount(seen.slots(), "slot"),
            new Amount(stages, "stage"));
      }
      boolean quiet = allRegistered(offer) && millis(now - lastChange) > QUIET_MILLIS;
      if (quiet || millis(now - start) > limit) {
        break;
      }
      waiting.pause(PAUSE_MILLIS);
      offer = ClusterOffer.of(context);
    }
    return offer;
  }

  private static long millis(long nanos) {
    return nanos / 1_000_000;
  }

  private static boolean mayStillCome(ClusterOffer offer, int stages) {
    boolean enough = offer.executors() >= stages && offer.slots() >= stages;
    return !enough
        && !offer.local()
        && !offer.dynamicAllocation()
        && offer.expected().orElse(stages) >= stages;
  }

  /**
   * Returns whether, as far as the settings tell, only slots can change: they come after the
   * executors.
   */
  private static boolean allRegistered(ClusterOffer offer) {
    return offer.executors() > 0 && offer.executors() >= offer.expected().orElse(1);
  }

  /** Returns everything that is wrong, each with what to do; empty if nothing is. */
  static List<String> problems(ClusterOffer offer, int stages, long neededBytes) {
    return problems(offer, ExecutorDemand.of(stages), neededBytes);
  }

  private static List<String> problems(
      ClusterOffer offer, ExecutorDemand demand, long neededBytes) {
    int stages = demand.executors();
    String fewer = demand.fewer();
    List<String> wrong = new ArrayList<>();
    if (offer.dynamicAllocation()) {
      wrong.add(
          "Dynamic allocation is on, and Spark runs no barrier job under it (SPARK-24942). Set"
              + " --conf spark.dynamicAllocation.enabled=false --conf spark.executor.instances="
              + stages);
    } else if (offer.local()) {
      if (offer.slots() < stages) {
        wrong.add(
            "Slots: "
                + demand.need()
                + new Amount(stages, "task")
                + " at the same time, this master runs "
                + offer.slots()
                + " (cores / spark.task.cpus="
                + offer.taskCpus()
                + "). Set --master local["
                + stages * offer.taskCpus()
                + "]"
                + (fewer.isEmpty() ? "." : " or " + fewer + "."));
      }
    } else if (offer.executors() < stages && offer.executors() + offer.leaving().size() >= stages) {
      // The settings are right: to advise them would be of no use.
      wrong.add(
          "Executors: "
              + demand.need()
              + new Amount(stages, "executor")
              + ", one each; "
              + offer.executors()
              + (offer.executors() == 1 ? " stays" : " stay")
              + ", and Spark is decommissioning "
              + String.join(", ", offer.leaving())
              + ". Wait until others have come in their place"
              + (fewer.isEmpty() ? "." : ", or take " + fewer + "."));
    } else if (offer.executors() < stages) {
      wrong.add(
          "Executors: "
              + demand.need()
              + new Amount(stages, "executor")
              + ", one each; "
              + (offer.expected().isPresent()
                  ? "the settings ask for " + offer.expected().getAsInt() + ", "
                  : "")
              + offer.executors()
              + " registered. Set --conf spark.executor.instances="
              + stages
              + " (YARN, Kubernetes), --conf spark.executor.cores="
              + offer.taskCpus()
              + " --conf spark.cores.max="
              + stages * offer.taskCpus()
              + " (standalone) or --master local-cluster["
              + stages
              + ","
              + offer.taskCpus()
              + ",1024]"
              + (fewer.isEmpty() ? "." : "; or " + fewer + ".")
              + (offer.gpus().perExecutor() > 0
                  ? " Each executor takes "
                      + offer.gpus().perExecutor()
                      + " of its machine's GPUs, so there must be "
                      + stages * offer.gpus().perExecutor()
                      + " (a standalone worker has spark.worker.resource.gpu.amount): see"
                      + " spark.executor.resource.gpu.amount."
                  : ""));
    } else if (offer.slots() < stages) {
      wrong.add(
          "Slots: "
              + demand.need()
              + new Amount(stages, "task")
              + " at the same time, the "
              + new Amount(offer.executors(), "executor").with("runs", "run")
              + " "
              + offer.slots()
              + " (spark.executor.cores="
              + offer.coresPerExecutor()
              + " / spark.task.cpus="
              + offer.taskCpus()
              + " each). Set --conf spark.task.cpus="
              + offer.coresPerExecutor());
    }
    int cores = Math.max(offer.coresPerExecutor(), offer.taskCpus());
    if (!offer.local() && offer.threads() > cores) {
      wrong.add(
          "Threads: spark.executorEnv.OMP_NUM_THREADS="
              + offer.threads()
              + " on executors of "
              + new Amount(cores, "core")
              + "; threads without a core of their own spin, and slow the others down many"
              + " times. Set --conf spark.executorEnv.OMP_NUM_THREADS="
              + cores
              + " --conf spark.executorEnv.OPENBLAS_NUM_THREADS="
              + cores);
    }
    if (neededBytes > offer.nativeBytes()) {
      wrong.add(
          "Native memory: the largest stage needs "
              + NativeMemory.mebibytes(neededBytes)
              + " MiB for weights, their packed copies, gradients, updater state and activations in"
              + " flight, "
              + offer.memory().words()
              + ". Set "
              + offer.memory().setting(neededBytes)
              + ", or take more stages, smaller micro-batches or recompute auto.");
    }
    return wrong;
  }
}
