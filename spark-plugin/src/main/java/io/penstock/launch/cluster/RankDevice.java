package io.penstock.launch.cluster;

import io.penstock.Internal;
import io.penstock.compute.ComputeDevice;
import io.penstock.compute.ComputePrecision;
import io.penstock.compute.GpuDriver;
import io.penstock.compute.OpenGpu;
import io.penstock.conf.Settings;
import io.penstock.device.Backend;
import io.penstock.device.Capability;
import io.penstock.device.Device;
import io.penstock.device.DeviceSearch;
import io.penstock.device.Machine;
import io.penstock.device.Nd4jBackend;
import io.penstock.device.UnusableDeviceException;
import io.penstock.event.RankPlace;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import org.apache.spark.util.TaskCompletionListener;
import org.apache.spark.util.Utils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Device of a rank: finds its GPU on its executor, and opens it. Immutable; its methods are for the
 * task's thread.
 *
 * @param demand whether there must be one, may be, or shall not be, and how it multiplies
 * @param addresses GPUs of the process, which the ranks take in turn; only in local mode, where
 *     Spark assigns none to tasks
 * @param neededBytes bytes that a stage will hold on its GPU
 * @param sharing ranks that are on one GPU at the most: more than one only in local mode
 */
@Internal
public record RankDevice(DeviceDemand demand, List<String> addresses, long neededBytes, int sharing)
    implements Serializable {
  private static final Logger LOG = LoggerFactory.getLogger(RankDevice.class);

  /** No device, for runs that want none and find none. */
  static final RankDevice NONE = new RankDevice(DeviceDemand.of(GpuUse.NEVER), List.of(), 0, 1);

  public RankDevice {
    addresses = List.copyOf(addresses);
  }

  /** Returns the search for GPUs of this process, by the ways that the application allows. */
  public static DeviceSearch search(SparkConf conf) {
    return new DeviceSearch(
        Backend.named(Settings.BACKEND.in(conf)),
        () -> GpuDriver.here().gpus(),
        () -> Machine.here(Settings.NVIDIA_SMI.in(conf)));
  }

  /** Looks at the GPU; takes no memory of it, and makes no call of ND4J's. */
  DeviceReport report(TaskContext context) {
    String address = address(context);
    Device device = null;
    String problem = null;
    if (address != null && demand.use() != GpuUse.NEVER) {
      try {
        device = checked(address);
      } catch (UnusableDeviceException unusable) {
        problem = unusable.getMessage();
      }
    }
    return new DeviceReport(
        Utils.localHostName(),
        SparkEnv.get().executorId(),
        address,
        device,
        problem,
        Nd4jBackend.chosen().orElse(null));
  }

  private Device checked(String address) {
    SparkConf conf = SparkEnv.get().conf();
    Device device = search(conf).device(address);
    Optional<String> complaint =
        complaint(device).or(() -> GpuMemory.of(conf, device).complaint(neededBytes, sharing));
    if (complaint.isPresent()) {
      throw new UnusableDeviceException(complaint.get());
    }
    return device;
  }

  /** Returns why a GPU cannot multiply as the run wants; empty if it can. */
  private Optional<String> complaint(Device device) {
    boolean rounds =
        device.isByDriver() && device.capability().compareTo(Capability.NARROW_FACTORS) >= 0;
    return demand.precision() == ComputePrecision.FLOAT32 || rounds
        ? Optional.empty()
        : Optional.of(
            Device.nameOf(device.address())
                + " does not multiply in "
                + demand.precision().id()
                + ": that takes compute capability "
                + Capability.NARROW_FACTORS
                + " (Ampere) or newer, through CUDA's driver, and it has "
                + device.capability()
                + (device.isByDriver() ? "." : ", by ND4J's CUDA backend.")
                + " Set computePrecision to float32.");
  }

  private String address(TaskContext context) {
    ResourceInformation assigned = context.resourcesJMap().get(RankPlace.GPU);
    if (assigned != null && assigned.addresses().length > 0) {
      return assigned.addresses()[0];
    }
    return addresses.isEmpty() ? null : addresses.get(context.partitionId() % addresses.size());
  }

  /**
   * Chooses ND4J's backend for the process if that is open, loads it, and opens the rank's device.
   *
   * @param threads that kernels on the CPU may use
   * @return what the rank computes on
   * @throws UnusableDeviceException if the process cannot be what the run wants
   * @throws IllegalArgumentException if the processor lacks the instruction set that is asked for
   */
  public RankCompute ready(TaskContext context, int threads) {
    return ready(context, threads, true);
  }

  /**
   * Readies the process for scores, which the processor computes on every executor, so that they
   * are the same wherever they are made; only where the process has ND4J's backend for GPUs does
   * that. Otherwise as {@link #ready(TaskContext, int)}.
   */
  public void readyToScore(TaskContext context, int threads) {
    ready(context, threads, false);
  }

  private RankCompute ready(TaskContext context, int threads, boolean opens) {
    ArrayLimit.announce(SparkEnv.get().conf()); // without the plugin nothing has, until now
    NativeRuntime.chooseKernels();
    DeviceReport found = report(context);
    Nd4jBackend wanted = found.device() == null ? Nd4jBackend.CPU : found.device().nd4j();
    if (wanted.choose() == Nd4jBackend.CUDA && found.device() != null) {
      found.device().claim();
    }
    DeviceReport report = found.in(Nd4jBackend.loaded());
    Optional<Device> device = report.usable();
    if (device.isEmpty() && demand.needsGpus()) {
      throw new UnusableDeviceException(lacking(report));
    }
    if (report.isOnGpuAlready()) {
      throw new UnusableDeviceException(report.onGpuAlready());
    }
    NativeRuntime.ready(threads);
    if (device.isPresent() && device.get().isByDriver() && !opens) {
      LOG.info("Rank {} scores on the CPU", context.partitionId());
      return new RankCompute(RankArithmetic.here(threads), ComputeDevice.PROCESSOR);
    }
    if (device.isEmpty()) {
      tell(context, report);
      return new RankCompute(RankArithmetic.here(threads), ComputeDevice.PROCESSOR);
    }
    RankCompute compute = opened(context, device.get());
    LOG.info(
        "Rank {} computes on {}, CUDA's number {}, {}",
        context.partitionId(),
        Device.nameOf(device.get().address()),
        device.get().ordinal(),
        device.get().isByDriver() ? device.get().name() : "by ND4J");
    return compute;
  }

  /** Opens a GPU, until the task is over. */
  private RankCompute opened(TaskContext context, Device device) {
    if (!device.isByDriver()) {
      device.bind();
      return new RankCompute(RankArithmetic.on(device, "by ND4J"), ComputeDevice.PROCESSOR);
    }
    OpenGpu gpu =
        GpuDriver.here().open(device.ordinal(), demand.precision(), NativeRuntime::warnOnce);
    // The last to end: a task's listeners are called in the reverse order of their coming.
    context.addTaskCompletionListener((TaskCompletionListener) ended -> gpu.close());
    gpu.complaint().ifPresent(NativeRuntime::warnOnce);
    return new RankCompute(
        RankArithmetic.on(device, "through CUDA's driver, " + gpu.products()), gpu);
  }

  private String lacking(DeviceReport report) {
    String complaint = report.complaint();
    return (demand.use() == GpuUse.REQUIRED
            ? "requireGpu is true, but "
            : "computePrecision is " + demand.precision().id() + ", which needs a GPU, but ")
        + (complaint == null ? "Spark gave this task no GPU." : complaint);
  }

  private static void tell(TaskContext context, DeviceReport report) {
    String complaint = report.complaint();
    if (complaint == null) {
      LOG.info("Rank {} computes on the CPU", context.partitionId());
    } else {
      LOG.warn("Rank {} computes on the CPU: {}", context.partitionId(), complaint);
    }
  }
}
