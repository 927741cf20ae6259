package io.penstock.device;

import io.penstock.Internal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nd4j.common.config.ND4JClassLoading;

/**
 * GPUs of this machine as nvidia-smi lists them, which of them CUDA shows to this process, and
 * which of those ND4J's CUDA backend can run on. Immutable.
 *
 * @param cudaJars whether ND4J's CUDA backend is on the class path
 * @param gpus all that the machine has
 * @param visible {@code CUDA_VISIBLE_DEVICES} if it is set: those that CUDA shows to the process
 * @param byBus whether CUDA numbers GPUs as nvidia-smi does: {@code CUDA_DEVICE_ORDER=PCI_BUS_ID}
 */
@Internal
public record Machine(boolean cudaJars, Gpus gpus, Optional<String> visible, boolean byBus) {
  private static final String BACKEND_CLASS = "org/nd4j/linalg/jcublas/JCublasBackend.class";
  private static final String MIG = "MIG-";

  /**
   * Looks at the machine that this process runs on.
   *
   * @param nvidiaSmi path or name of the tool that lists GPUs
   */
  public static Machine here(String nvidiaSmi) {
    return new Machine(
        hasCudaJars(),
        new NvidiaSmi(nvidiaSmi).list(),
        Optional.ofNullable(System.getenv("CUDA_VISIBLE_DEVICES")),
        "PCI_BUS_ID".equals(System.getenv("CUDA_DEVICE_ORDER")));
  }

  /** Returns whether ND4J's CUDA backend is on this process's class path; loads no class of it. */
  public static boolean hasCudaJars() {
    return ND4JClassLoading.getNd4jClassloader().getResource(BACKEND_CLASS) != null;
  }

  /**
   * The GPUs that CUDA shows, by its numbers. CUDA stops at the first name that it does not know.
   */
  List<Gpu> shown() {
    if (visible.isEmpty()) {
      return gpus.list();
    }
    List<Gpu> shown = new ArrayList<>();
    for (String name : visible.get().split(",")) {
      Optional<Gpu> gpu =
          gpus.list().stream().filter(one -> isCalled(one, name.strip())).findFirst();
      if (gpu.isEmpty()) {
        break;
      }
      shown.add(gpu.get());
    }
    return shown;
  }

  /**
   * Returns whether a name is a GPU's: its index, or its UUID, of which CUDA takes a beginning too.
   */
  private static boolean isCalled(Gpu gpu, String name) {
    return name.equals(Integer.toString(gpu.index()))
        || (name.startsWith("GPU-") && gpu.uuid().startsWith(name));
  }

  /** Addresses of the GPUs that CUDA shows, for where Spark assigns none; empty without any. */
  public List<String> addresses() {
    return shown().stream().map(gpu -> Integer.toString(gpu.index())).toList();
  }

  /**
   * Returns the GPU of this address, for ND4J's CUDA backend.
   *
   * @param address as Spark assigns it: an index of nvidia-smi's, a UUID, or that of a MIG instance
   * @throws UnusableDeviceException if it cannot be used, with everything that is to be done
   */
  public Device device(String address) {
    if (!cudaJars) {
      throw new UnusableDeviceException(
          "ND4J's CUDA backend is not on the class path. Build with mvn -Pcuda and put the jars of"
              + " org.nd4j:nd4j-cuda-11.6 and org.bytedeco:cuda on spark.executor.extraClassPath.");
    }
    if (gpus.trouble().isPresent()) {
      throw new UnusableDeviceException(gpus.trouble().get());
    }
    if (gpus.list().isEmpty()) {
      throw new UnusableDeviceException("nvidia-smi finds no GPU on this machine.");
    }
    Device device = address.startsWith(MIG) ? instance(address) : whole(address);
    checkAll();
    return device;
  }

  private Device whole(String address) {
    List<Gpu> shown = shown();
    for (int ordinal = 0; ordinal < shown.size(); ordinal++) {
      if (isCalled(shown.get(ordinal), address)) {
        return device(address, ordinal, shown.get(ordinal), shown.get(ordinal).memoryBytes());
      }
    }
    throw new UnusableDeviceException(
        "Spark assigned GPU "
            + address
            + ", but "
            + visible
                .map(names -> "CUDA_VISIBLE_DEVICES=" + names + " hides it from this process")
                .orElse("nvidia-smi lists " + gpus.names())
            + ". The discovery script must print what this machine has: conf/getGpusResources.sh.");
  }

  /**
   * Returns a MIG instance; CUDA shows one at most to a process, and that one only if it is named.
   */
  private Device instance(String address) {
    if (!visible.map(String::strip).orElse("").equals(address)) {
      throw new UnusableDeviceException(
          "Spark assigned the MIG instance "
              + address
              + ", which CUDA shows only to a process whose CUDA_VISIBLE_DEVICES names it and"
              + " nothing else; here it is "
              + visible.orElse("not set")
              + ". Set it where the executor is started.");
    }
    if (gpus.differ()) {
      throw new UnusableDeviceException(
          "The machine has several kinds of GPU, and nvidia-smi does not say on which "
              + address
              + " lies. Use MIG on machines with one kind only.");
    }
    Gpu whole = gpus.list().get(0);
    // How much of the memory is the instance's is not told.
    return device(address, 0, whole, 0);
  }

  private static Device device(String address, int ordinal, Gpu gpu, long memoryBytes) {
    return new Device(address, ordinal, "a GPU", gpu.capability(), memoryBytes, Backend.ND4J_CUDA);
  }

  /**
   * Checks every GPU that CUDA shows: ND4J readies them all when it is loaded, not only the task's.
   */
  private void checkAll() {
    List<Gpu> shown = visible.orElse("").startsWith(MIG) ? gpus.list() : shown();
    for (Gpu gpu : shown) {
      if (gpu.problem().isPresent()) {
        throw new UnusableDeviceException(
            gpu.problem().get()
                + (shown.size() > 1
                    ? ". ND4J loads on every GPU that it sees: hide this one with"
                        + " CUDA_VISIBLE_DEVICES in the executor's environment"
                    : "")
                + ".");
      }
    }
    if (!byBus && new Gpus(shown, Optional.empty()).differ()) {
      throw new UnusableDeviceException(
          "The machine has several kinds of GPU ("
              + new Gpus(shown, Optional.empty()).names()
              + "), which CUDA numbers by speed and Spark by nvidia-smi's index. Set --conf"
              + " spark.executorEnv.CUDA_DEVICE_ORDER=PCI_BUS_ID.");
    }
  }
}
