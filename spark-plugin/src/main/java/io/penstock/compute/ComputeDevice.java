package io.penstock.compute;

import io.penstock.Internal;
import io.penstock.array.DeviceMemory;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Device that a stage computes on: the processor, or a GPU with a memory of its own. Arrays that
 * {@link #open its operations} are given lie in its memory. Thread-safe.
 */
@Internal
public interface ComputeDevice {
  /** The processor of this machine, with the most preferred {@link ComputeKind} of a type. */
  ComputeDevice PROCESSOR =
      new ComputeDevice() {
        @Override
        public DeviceMemory memory() {
          return null;
        }

        @Override
        public Compute open(DataType type) {
          return ComputeKinds.of(type).open();
        }

        @Override
        public void settle() {
          Nd4j.getExecutioner().commit(); // ND4J's backend for GPUs works on when a call returns
        }

        @Override
        public String toString() {
          return "the processor";
        }
      };

  /** Returns the memory of its arrays; null for the host's. */
  DeviceMemory memory();

  /**
   * Opens new operations, for one thread.
   *
   * @throws IllegalArgumentException if it does not compute with numbers of this type
   */
  Compute open(DataType type);

  /** Waits until all that this thread has asked of it is done. */
  void settle();

  /** Returns the processor, or the device whose memory this is. */
  @Override
  String toString();
}
