package io.penstock.gpucheck;

import io.penstock.array.DeviceMemory;
import io.penstock.compute.Compute;
import io.penstock.compute.ComputeDevice;
import io.penstock.compute.plain.PlainLosses;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The host in double precision, one loop an operation, written to be read: what a GPU's results are
 * held to. Stateless.
 */
final class ReferenceDevice implements ComputeDevice {
  @Override
  public DeviceMemory memory() {
    return null;
  }

  @Override
  public Compute open(DataType type) {
    if (type != DataType.DOUBLE) {
      throw new IllegalArgumentException("The reference computes with DOUBLE, not " + type + ".");
    }
    return new Compute(
        new ReferenceProducts(),
        new ReferenceRows(),
        new ReferenceNorms(),
        new ReferenceWindows(),
        new ReferenceActivations(),
        new ReferenceRecurrences(),
        new PlainLosses(),
        new ReferenceUpdates(),
        new ReferenceConversions(),
        () -> {});
  }

  @Override
  public void settle() {}

  @Override
  public String toString() {
    return "the host in double precision";
  }
}
