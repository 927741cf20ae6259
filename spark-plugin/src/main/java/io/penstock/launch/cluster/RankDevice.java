package io.penstock.launch.cluster;

import io.penstock.Internal;
import io.penstock.conf.Settings;
import io.penstock.device.Backend;
import io.penstock.device.Device;
import io.penstock.device.Machine;
import io.penstock.device.UnusableDeviceException;
import io.penstock.event.RankPlace;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import org.apache.spark.util.Utils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Device of a rank: finds its GPU on its executor, and binds the rank to it. Immutable; its methods
 * are for the task's thread.
 *
 * @param use whether there must be one, may be, or shall not be
 * @param addresses GPUs of the process, which the ranks take in turn; only in local mode, where
 *     Spark assigns none to tasks
 * @param neededBytes bytes that a stage will hold on its GPU
 */
@Internal
public record RankDevice(GpuUse use, List<String> addresses, long neededBytes)
    implements Serializable {
  private static final Logger LOG = LoggerFactory.getLogger(RankDevice.class);

  /** No device, for runs that want none and find none. */
  static final RankDevice NONE = new RankDevice(GpuUse.NEVER, List.of(), 0);

  public RankDevice {
    addresses = List.copyOf(addresses);
  }

  /** Looks at the GPU without a call of CUDA's or ND4J's. */
  DeviceReport report(TaskContext context) {
    String address = address(context);
    Device device = null;
    String problem = null;
    if (address != null && use != GpuUse.NEVER) {
      try {
        SparkConf conf = SparkEnv.get().conf();
        device = Machine.here(Settings.NVIDIA_SMI.in(conf)).device(address);
        Optional<String> complaint =
            GpuMemory.of(conf, device.gpu().memoryBytes()).complaint(neededBytes);
        if (complaint.isPresent()) {
          throw new UnusableDeviceException(complaint.get());
        }
      } catch (UnusableDeviceException unusable) {
        device = null;
        problem = unusable.getMessage();
      }
    }
    return new DeviceReport(
        Utils.localHostName(),
        SparkEnv.get().executorId(),
        address,
        device,
        problem,
        Backend.chosen().orElse(null));
  }

  private String address(TaskContext context) {
    ResourceInformation assigned = context.resourcesJMap().get(RankPlace.GPU);
    if (assigned != null && assigned.addresses().length > 0) {
      return assigned.addresses()[0];
    }
    return addresses.isEmpty() ? null : addresses.get(context.partitionId() % addresses.size());
  }

  /**
   * Chooses ND4J's backend for the process if that is open, loads it, and binds this thread.
   *
   * @param threads that kernels on the CPU may use
   * @return the rank's arithmetic
   * @throws UnusableDeviceException if the process cannot be what the run wants
   * @throws IllegalArgumentException if the processor lacks the instruction set that is asked for
   */
  public RankArithmetic ready(TaskContext context, int threads) {
    ArrayLimit.announce(SparkEnv.get().conf()); // without the plugin nothing has, until now
    NativeRuntime.chooseKernels();
    DeviceReport report = report(context);
    Backend wanted = report.device() == null ? Backend.CPU : Backend.CUDA;
    if (wanted.choose() == Backend.CUDA && report.device() != null) {
      report.device().claim();
    }
    Backend loaded = Backend.loaded();
    if (use == GpuUse.REQUIRED && (wanted == Backend.CPU || loaded == Backend.CPU)) {
      throw new UnusableDeviceException(
          "requireGpu is true, but "
              + (report.problem() != null
                  ? report.problem()
                  : report.device() == null
                      ? "Spark gave this task no GPU."
                      : GpuCheck.onCpuAlready(report)));
    }
    if (wanted == Backend.CUDA && loaded == Backend.CPU) {
      LOG.warn("{}", GpuCheck.onCpuAlready(report));
    }
    if (wanted == Backend.CPU && loaded == Backend.CUDA) {
      throw new UnusableDeviceException(GpuCheck.onGpuAlready(report));
    }
    Optional<Device> device =
        loaded == Backend.CPU ? Optional.empty() : Optional.of(report.device());
    NativeRuntime.ready(threads);
    device.ifPresent(Device::bind);
    LOG.info(
        "Rank {} computes on {}",
        context.partitionId(),
        device
            .map(it -> "GPU " + it.address() + ", CUDA's number " + it.ordinal())
            .orElse("the CPU" + (report.problem() == null ? "" : ": " + report.problem())));
    return device.map(RankArithmetic::on).orElseGet(() -> RankArithmetic.here(threads));
  }
}
