package io.penstock.compute;

import io.penstock.compute.cuda.StandIn;

/**
 * Device on which tests of training compute: the processor, or, by the system property {@value
 * #PROPERTY}, {@code far} for the processor's kernels behind a memory of their own, or {@code cuda}
 * for a GPU's on the stand-in of one.
 */
public final class TestDevice {
  static final String PROPERTY = "penstock.test.device";

  private TestDevice() {}

  /** The device that is asked for. */
  public static ComputeDevice usual() {
    String name = System.getProperty(PROPERTY, "processor");
    return switch (name) {
      case "processor" -> ComputeDevice.PROCESSOR;
      case "far" -> new FarDevice();
      case "cuda" -> StandIn.device();
      default ->
          throw new IllegalArgumentException(
              PROPERTY + " is '" + name + "'; write one of processor, far, cuda.");
    };
  }
}
