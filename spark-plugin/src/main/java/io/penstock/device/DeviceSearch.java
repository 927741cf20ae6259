package io.penstock.device;

import io.penstock.Internal;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Search for the GPU of an address, by the ways that a process may compute on it. Immutable; its
 * suppliers are asked when something depends on them.
 *
 * @param backend the way that is asked for
 * @param cuda what CUDA's driver shows
 * @param machine what nvidia-smi lists, and whether ND4J's CUDA backend is there
 */
@Internal
public record DeviceSearch(Backend backend, Supplier<ShownGpus> cuda, Supplier<Machine> machine) {

  /**
   * Returns the GPU of this address, with the way to compute on it.
   *
   * @param address as Spark assigns it: an index of nvidia-smi's, a UUID, or that of a MIG instance
   * @throws UnusableDeviceException if it cannot be used, with everything that is to be done
   */
  public Device device(String address) {
    return switch (backend) {
      case CPU ->
          throw new UnusableDeviceException(
              "spark.penstock.backend is cpu, which keeps the application off GPUs. Start it with"
                  + " auto.");
      case CUDA -> byDriver(address);
      case ND4J_CUDA -> machine.get().device(address);
      case AUTO -> byEither(address);
    };
  }

  private Device byDriver(String address) {
    return cuda.get().device(address, () -> machine.get().gpus());
  }

  private Device byEither(String address) {
    try {
      return byDriver(address);
    } catch (UnusableDeviceException notByDriver) {
      Machine here = machine.get();
      if (!here.cudaJars()) {
        throw notByDriver;
      }
      try {
        return here.device(address);
      } catch (UnusableDeviceException neither) {
        throw new UnusableDeviceException(
            notByDriver.getMessage() + " Nor by ND4J's CUDA backend: " + neither.getMessage());
      }
    }
  }

  /**
   * Returns the addresses of a process's GPUs, for where Spark assigns none: of those that can be
   * used, or, if none can, of all that there are, of which one may ask why.
   */
  public List<String> addresses() {
    if (backend == Backend.CPU) {
      return List.of();
    }
    List<String> all = backend == Backend.ND4J_CUDA ? List.of() : uuids();
    if (all.isEmpty() && backend != Backend.CUDA && machine.get().cudaJars()) {
      all = machine.get().addresses();
    }
    List<Device> usable = all.stream().flatMap(address -> usable(address).stream()).toList();
    List<Device> byDriver = usable.stream().filter(Device::isByDriver).toList();
    List<Device> best = byDriver.isEmpty() ? usable : byDriver; // a process has one way of the two
    return best.isEmpty() ? all : best.stream().map(Device::address).toList();
  }

  /**
   * Returns whether there is a driver, so that it is worth a word why no GPU can be used: without
   * one, nobody expects any.
   */
  public boolean seesDriver() {
    return switch (backend) {
      case CPU -> false;
      case CUDA -> cuda.get().version() > 0;
      case ND4J_CUDA -> machine.get().cudaJars();
      case AUTO -> cuda.get().version() > 0 || machine.get().cudaJars();
    };
  }

  private List<String> uuids() {
    return cuda.get().list().stream().map(ShownGpu::uuid).toList();
  }

  private Optional<Device> usable(String address) {
    try {
      return Optional.of(device(address));
    } catch (UnusableDeviceException unusable) {
      return Optional.empty();
    }
  }
}
