package io.penstock.launch.cluster;

import io.penstock.Amount;
import io.penstock.Internal;
import io.penstock.conf.Settings;
import io.penstock.device.Backend;
import io.penstock.device.DeviceSearch;
import io.penstock.device.Nd4jBackend;
import io.penstock.event.RankPlace;
import io.penstock.launch.JavaSerialized;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.resource.ResourceInformation;
import org.apache.spark.resource.ResourceProfile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.reflect.ClassTag$;

/**
 * Placement of a run's stages on devices, as found before its job starts. Immutable; for a thread
 * of the driver.
 *
 * @param offer of the cluster
 * @param device how each rank finds its own
 * @param profile resource profile of its tasks; empty for the default
 * @param problems everything that is wrong, each with what to do; empty if nothing is
 * @param summary the devices of the stages, in one line
 */
@Internal
public record Placement(
    ClusterOffer offer,
    RankDevice device,
    Optional<ResourceProfile> profile,
    List<String> problems,
    String summary) {
  private static final Logger LOG = LoggerFactory.getLogger(Placement.class);

  /**
   * Finds the placement. Where executors have GPUs, a short job of tasks with the stages' own
   * profile looks at them; elsewhere none is run.
   *
   * @param offer of a cluster that has executors and slots for the stages
   * @param neededBytes bytes that the largest stage holds
   */
  static Placement of(
      SparkContext context, ClusterOffer offer, int stages, DeviceDemand demand, long neededBytes) {
    GpuUse use = demand.use();
    List<String> local = localAddresses(context, offer, demand);
    int sharing = local.isEmpty() ? 1 : (stages + local.size() - 1) / local.size();
    RankDevice device = new RankDevice(demand, local, neededBytes, sharing);
    Optional<ResourceProfile> profile = profile(context, offer, use);
    List<DeviceReport> reports =
        isWorthALook(context, offer, use, device)
            ? look(context, offer, stages, device, profile)
            : List.of();
    if (!offer.local()) {
      // The driver only hands out work: it shall not take a GPU that an executor has.
      Nd4jBackend.CPU.choose();
    }
    return new Placement(
        offer,
        device,
        profile,
        GpuCheck.problems(demand, offer, stages, reports),
        GpuCheck.words(use, Backend.named(Settings.BACKEND.in(context.getConf())), offer, reports));
  }

  /** Logs the devices, once a run: what only looks or measures has its own way to tell. */
  public void tell(GpuUse use) {
    LOG.info("Stages compute {}", summary);
    if (offer.gpus().perExecutor() > 1 && !offer.local() && use != GpuUse.NEVER) {
      LOG.warn(
          "Executors have {} each, and a stage uses one: set"
              + " spark.executor.resource.gpu.amount=1",
          new Amount(offer.gpus().perExecutor(), "GPU"));
    }
  }

  /** Returns the placement on a cluster that cannot carry the stages, whatever its GPUs are. */
  static Placement nowhere(
      ClusterOffer offer, int stages, DeviceDemand demand, List<String> problems) {
    List<String> all = new ArrayList<>(problems);
    all.addAll(GpuCheck.problems(demand, offer, stages, List.of()));
    return new Placement(offer, RankDevice.NONE, Optional.empty(), all, "nowhere yet");
  }

  /**
   * Returns the arithmetic of the ranks, in words: asked of the executors by a short job that
   * readies them as a run does. Where the placement has problems, names the setting that will
   * decide.
   */
  public String arithmetic(SparkContext context, int ranks) {
    if (!problems.isEmpty()) {
      return "computes with what "
          + Settings.INSTRUCTION_SET.key()
          + "="
          + Settings.INSTRUCTION_SET.in(context.getConf())
          + " says, once there are executors to ask";
    }
    return RankArithmetic.words(
        probe(context, ranks, profile, new Probe(Probe.Question.ARITHMETIC, device)).stream()
            .map(bytes -> ((RankArithmetic) JavaSerialized.value(bytes)).line())
            .toList());
  }

  private static Optional<ResourceProfile> profile(
      SparkContext context, ClusterOffer offer, GpuUse use) {
    return offer.local()
        ? Optional.empty()
        : StageProfile.of(
            context, offer.coresPerExecutor(), offer.taskCpus(), offer.gpus(), use != GpuUse.NEVER);
  }

  /**
   * Returns whether processes have to be asked: also a run that wants no GPU must know whether they
   * can still take the CPU, unless they cannot have anything else.
   */
  private static boolean isWorthALook(
      SparkContext context, ClusterOffer offer, GpuUse use, RankDevice device) {
    if (offer.local()) {
      return use == GpuUse.NEVER
          ? Nd4jBackend.chosen().filter(it -> it == Nd4jBackend.CUDA).isPresent()
          : !device.addresses().isEmpty();
    }
    return use == GpuUse.NEVER ? offer.gpus().perExecutor() > 0 : offer.gpus().reachStages();
  }

  /**
   * Returns, in local mode, the GPUs that Spark found for the driver, or those that the machine
   * shows. Where it shows none, the first one, so that the look at it says why there is none; but
   * no run that can do without is told that there is no driver.
   */
  private static List<String> localAddresses(
      SparkContext context, ClusterOffer offer, DeviceDemand demand) {
    if (!offer.local() || demand.use() == GpuUse.NEVER) {
      return List.of();
    }
    ResourceInformation declared = context.resources().get(RankPlace.GPU).getOrElse(() -> null);
    DeviceSearch search = RankDevice.search(context.getConf());
    List<String> found = addresses(search, declared);
    boolean askWhy = demand.needsGpus() || search.seesDriver();
    return found.isEmpty() && askWhy ? List.of("0") : found;
  }

  /** Returns the addresses of the GPUs of a process that runs in local mode. */
  public static List<String> addresses(DeviceSearch search, ResourceInformation declared) {
    return declared == null ? search.addresses() : List.of(declared.addresses());
  }

  /** Runs one task on every executor, all at the same time; in local mode one for every stage. */
  private static List<DeviceReport> look(
      SparkContext context,
      ClusterOffer offer,
      int stages,
      RankDevice device,
      Optional<ResourceProfile> profile) {
    int tasks =
        offer.local() ? stages : Math.max(stages, Math.min(offer.executors(), offer.slots()));
    return probe(context, tasks, profile, new Probe(Probe.Question.DEVICE, device)).stream()
        .map(bytes -> (DeviceReport) JavaSerialized.value(bytes))
        .toList();
  }

  /** Runs a number of such tasks at the same time. */
  private static List<byte[]> probe(
      SparkContext context, int tasks, Optional<ResourceProfile> profile, Probe task) {
    RDD<Integer> none =
        new JavaSparkContext(context)
            .parallelize(IntStream.range(0, tasks).boxed().toList(), tasks)
            .rdd();
    RDD<byte[]> probes =
        none.barrier().mapPartitions(task, false, ClassTag$.MODULE$.apply(byte[].class));
    profile.ifPresent(probes::withResources);
    return List.of((byte[][]) probes.collect());
  }
}
