package io.penstock.device;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** GPUs that are not there. */
final class FakeGpus {
  static final long GIB = 1L << 30;

  private FakeGpus() {}

  /** GPUs of these compute capabilities, with 24 GiB each and a driver that is new enough. */
  static Gpus of(String... capabilities) {
    List<Gpu> list = new ArrayList<>();
    for (String capability : capabilities) {
      int index = list.size();
      list.add(
          new Gpu(
              index, "GPU-" + index + "c1e", Capability.parse(capability), 24 * GIB, "535.104.05"));
    }
    return new Gpus(list, Optional.empty());
  }

  /** A machine whose processes see all of them. */
  static Machine machine(String... capabilities) {
    return new Machine(true, of(capabilities), Optional.empty(), false);
  }

  /** A machine whose processes see those of {@code CUDA_VISIBLE_DEVICES}. */
  static Machine machine(Optional<String> visible, String... capabilities) {
    return new Machine(true, of(capabilities), visible, false);
  }
}
