package io.penstock.device;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** GPUs that no driver shows, by the UUIDs of {@link FakeGpus}. */
final class FakeShownGpus {
  private FakeShownGpus() {}

  /** GPUs of these compute capabilities, in the order of the driver's numbers, under CUDA 13.0. */
  static ShownGpus of(String... capabilities) {
    List<ShownGpu> list = new ArrayList<>();
    for (String capability : capabilities) {
      int ordinal = list.size();
      list.add(
          new ShownGpu(
              ordinal,
              "GPU-" + ordinal + "c1e",
              "Fake " + capability,
              Capability.parse(capability),
              24 * FakeGpus.GIB));
    }
    return new ShownGpus(list, 13_000, Optional.empty());
  }

  /** The same in the other order: the driver numbers by speed, nvidia-smi by the bus. */
  static ShownGpus reversed(ShownGpus gpus) {
    List<ShownGpu> list = new ArrayList<>();
    for (int i = gpus.list().size() - 1; i >= 0; i--) {
      ShownGpu gpu = gpus.list().get(i);
      list.add(
          new ShownGpu(list.size(), gpu.uuid(), gpu.name(), gpu.capability(), gpu.memoryBytes()));
    }
    return new ShownGpus(list, gpus.version(), gpus.trouble());
  }
}
