package io.penstock.gpucheck;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What is to be checked, as the command line says. Immutable.
 *
 * @param part which part of the check
 * @param small whether sizes are small, for a stand-in of a GPU
 * @param gpu CUDA's number of it
 * @param seconds the part's budget
 * @param report the file to which the part's tables are added
 * @param only what is in the names of the cases that run; empty for all
 */
record Options(Part part, boolean small, int gpu, int seconds, Path report, String only) {
  private static final int USUAL_SECONDS = 60;

  /** System property of the driver's library. */
  private static final String DRIVER = "penstock.cuda.driver";

  /** System property of cuBLASLt's library. */
  private static final String CUBLAS = "penstock.cuda.cublasLt";

  /** System property of cuDNN's library. */
  private static final String CUDNN = "penstock.cuda.cudnn";

  /** Part of the check, each in a process of its own. */
  enum Part {
    /** Every kernel, Penstock's own products among them. */
    KERNELS,
    /** Training steps of whole networks. */
    NETWORKS,
    /** Rates of memory, kernels, copies and launches. */
    RATES,
    /** Products, convolutions and training steps by cuBLASLt and cuDNN. */
    LIBRARY;

    static Part named(String name) {
      return Arrays.stream(values())
          .filter(part -> part.name().equalsIgnoreCase(name))
          .findFirst()
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "There is no part '" + name + "'; name one of " + List.of(values())));
    }
  }

  /**
   * Reads a command line, and sets the system properties that it means.
   *
   * @throws IllegalArgumentException if it says what nobody understands; the message says what may
   *     be said
   */
  static Options read(String... line) {
    Options read = new Options(Part.KERNELS, false, 0, USUAL_SECONDS, Path.of("gpu-check.md"), "");
    List<String> words = new ArrayList<>(List.of(line));
    while (!words.isEmpty()) {
      String option = words.remove(0);
      if (option.equals("--small")) {
        read = new Options(read.part, true, read.gpu, read.seconds, read.report, read.only);
        continue;
      }
      if (words.isEmpty()) {
        throw new IllegalArgumentException(option + " has no value: write " + option + " VALUE");
      }
      read = read.with(option, words.remove(0));
    }
    return read;
  }

  private Options with(String option, String value) {
    switch (option) {
      case "--part":
        return new Options(Part.named(value), small, gpu, seconds, report, only);
      case "--gpu":
        return new Options(part, small, whole(option, value), seconds, report, only);
      case "--seconds":
        return new Options(part, small, gpu, whole(option, value), report, only);
      case "--report":
        return new Options(part, small, gpu, seconds, Path.of(value), only);
      case "--only":
        return new Options(part, small, gpu, seconds, report, value);
      case "--driver":
        System.setProperty(DRIVER, value);
        return this;
      case "--cublas":
        System.setProperty(CUBLAS, value);
        return this;
      case "--cudnn":
        System.setProperty(CUDNN, value);
        return this;
      default:
        throw new IllegalArgumentException(
            "There is no option "
                + option
                + "; there are --part, --small, --gpu, --seconds, --report, --only, --driver,"
                + " --cublas, --cudnn");
    }
  }

  private static int whole(String option, String value) {
    try {
      return Integer.parseUnsignedInt(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          option + " is '" + value + "': write a whole number of 0 or more", e);
    }
  }
}
