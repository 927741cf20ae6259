package io.penstock.compute.cuda;

import io.penstock.Internal;
import io.penstock.compute.DeviceException;
import java.util.Set;

/** Kinds of failure of a GPU or its driver, with what is to be done. Immutable. */
@Internal
public enum Trouble {
  /** There is no driver, no GPU, or they do not work together. */
  DRIVER(
      "Have NVIDIA's driver installed on this machine and the GPU shown to this process (nvidia-smi"
          + " tells; in a container, NVIDIA's container toolkit and CUDA_VISIBLE_DEVICES), or train"
          + " on the CPU: requireGpu false.",
      Set.of(3, 4, 34, 36, 46, 100, 101, 102, 802, 803, 804, 805, 806, 807, 808, 809)),
  /** The GPU is older than what kernels are compiled for. */
  CAPABILITY(
      "Take a GPU of compute capability 7.5 (Turing) or newer, or train on the CPU: requireGpu"
          + " false.",
      Set.of()),
  /** The GPU, or page-locked memory of the host, is full. */
  MEMORY(
      "Take more stages, smaller micro-batches or activation checkpointing, or see that no other"
          + " process uses this GPU.",
      Set.of(2)),
  /** The driver takes no kernel from our PTX. */
  IMAGE(
      "The kernels need a driver of CUDA 10.1 (418) or newer, with its compiler of PTX"
          + " (libnvidia-ptxjitcompiler) beside it; have it updated.",
      Set.of(200, 209, 218, 221, 222, 223, 500)),
  /** The GPU, or this process's context of it, is of no more use. */
  LOST(
      "Nothing in this process can use the GPU from now on: its executor has to be replaced, which"
          + " a run on a cluster has Spark do before it goes on. If the next one on this machine"
          + " fails likewise, have the GPU looked at (nvidia-smi -q, dmesg: Xid). With"
          + " CUDA_LAUNCH_BLOCKING=1 in the executor's environment the call that fails is the one"
          + " that did it.",
      Set.of(214, 220, 226, 700, 702, 709, 710, 714, 715, 716, 717, 718, 719, 721, 810, 999)),
  /** A call that Penstock should not have made. */
  CALL("That is a mistake of Penstock's; please report it with this message.", Set.of());

  private final String advice;
  private final Set<Integer> results;

  Trouble(String advice, Set<Integer> results) {
    this.advice = advice;
    this.results = results;
  }

  /** Returns what to do, in a sentence. */
  String advice() {
    return advice;
  }

  /** Returns what such a failure leaves of the GPU. */
  DeviceException.Kind kind() {
    return switch (this) {
      case LOST -> DeviceException.Kind.LOST;
      case MEMORY -> DeviceException.Kind.FULL;
      case DRIVER, CAPABILITY, IMAGE, CALL -> DeviceException.Kind.OTHER;
    };
  }

  /** Returns which one a result of the driver tells of. */
  static Trouble of(int result) {
    for (Trouble each : values()) {
      if (each.results.contains(result)) {
        return each;
      }
    }
    return CALL;
  }
}
