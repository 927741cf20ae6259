package io.penstock.device;

import io.penstock.Internal;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The GPUs that CUDA's driver shows to this process, or why there are none to be seen. Immutable.
 *
 * @param list by the driver's numbers
 * @param version of CUDA that the driver knows, as it says it: 13000 for 13.0; 0 without a driver
 * @param trouble why they could not be listed; empty if they could, be they none
 */
@Internal
public record ShownGpus(List<ShownGpu> list, int version, Optional<String> trouble) {
  /** The first CUDA whose driver compiles PTX 6.4, in which the kernels are. */
  private static final int OLDEST = 10_010;

  /** Copies the list. */
  public ShownGpus {
    list = List.copyOf(list);
  }

  /** Returns no GPUs, for this reason. */
  public static ShownGpus none(String why) {
    return new ShownGpus(List.of(), 0, Optional.of(why));
  }

  /**
   * Returns the GPU of this address.
   *
   * @param address as Spark assigns it: an index of nvidia-smi's, a UUID, or that of a MIG instance
   * @param nvidiaSmi what nvidia-smi lists, which is asked of an index alone: the driver has
   *     numbers of its own, and shows a UUID by both
   * @throws UnusableDeviceException if it cannot be used, with everything that is to be done
   */
  Device device(String address, Supplier<Gpus> nvidiaSmi) {
    if (trouble.isPresent()) {
      throw new UnusableDeviceException(trouble.get());
    }
    if (version < OLDEST) {
      throw new UnusableDeviceException(
          "NVIDIA's driver of this machine knows CUDA up to "
              + version / 1000
              + "."
              + version % 1000 / 10
              + ", and Penstock's kernels (PTX 6.4) need 10.1 or newer. Update the driver, or train"
              + " on the CPU: requireGpu false.");
    }
    if (list.isEmpty()) {
      throw new UnusableDeviceException("CUDA's driver shows this process no GPU.");
    }
    ShownGpu gpu = named(address, uuid(address, nvidiaSmi));
    if (gpu.problem().isPresent()) {
      throw new UnusableDeviceException(gpu.problem().get() + ".");
    }
    return new Device(
        address, gpu.ordinal(), gpu.name(), gpu.capability(), gpu.memoryBytes(), Backend.CUDA);
  }

  private ShownGpu named(String address, String uuid) {
    return list.stream()
        .filter(gpu -> gpu.isCalled(uuid))
        .findFirst()
        .orElseThrow(
            () ->
                new UnusableDeviceException(
                    "Spark assigned GPU "
                        + address
                        + (uuid.equals(address) ? "" : " (" + uuid + ")")
                        + ", but CUDA's driver shows this process "
                        + list.stream().map(ShownGpu::uuid).collect(Collectors.joining(", "))
                        + " only. The discovery script must print what this machine has"
                        + " (conf/getGpusResources.sh), and CUDA_VISIBLE_DEVICES must not hide"
                        + " it."));
  }

  private static String uuid(String address, Supplier<Gpus> nvidiaSmi) {
    if (!address.chars().allMatch(Character::isDigit)) {
      return address;
    }
    Gpus known = nvidiaSmi.get();
    if (known.trouble().isPresent()) {
      throw new UnusableDeviceException(
          "Spark assigned GPU "
              + address
              + ", a number of nvidia-smi's, and nvidia-smi is to say which that is, but "
              + known.trouble().get()
              + " A discovery script that prints UUIDs does without.");
    }
    return known.list().stream()
        .filter(gpu -> Integer.toString(gpu.index()).equals(address))
        .map(Gpu::uuid)
        .findFirst()
        .orElseThrow(
            () ->
                new UnusableDeviceException(
                    "Spark assigned GPU "
                        + address
                        + ", but nvidia-smi lists "
                        + known.names()
                        + ". The discovery script must print what this machine has:"
                        + " conf/getGpusResources.sh."));
  }
}
