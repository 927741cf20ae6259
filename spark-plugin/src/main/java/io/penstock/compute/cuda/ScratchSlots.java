package io.penstock.compute.cuda;

import io.penstock.array.NativeArrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Scratch memory on a device, a few pieces of it, each as large as the most that was asked of it or
 * up to twice that. For one thread.
 */
final class ScratchSlots {
  private static final int COUNT = 8;

  private final CudaDevice device;
  private final INDArray[] memory = new INDArray[COUNT];

  /** What was asked for last, which mostly is what is asked for next. */
  private final INDArray[] last = new INDArray[COUNT];

  ScratchSlots(CudaDevice device) {
    this.device = device;
  }

  /** Returns an array {@code [floats]}; of one float where none are asked for. */
  INDArray get(int slot, long floats) {
    long wanted = Math.max(1, floats);
    INDArray there = memory[slot];
    if (there == null || there.length() < wanted) {
      there = grow(slot, wanted);
    }
    if (last[slot] == null || last[slot].length() != wanted) {
      last[slot] = NativeArrays.view(there, 0, wanted);
    }
    return last[slot];
  }

  private INDArray grow(int slot, long wanted) {
    long room = memory[slot] == null ? wanted : Math.max(wanted, 2 * memory[slot].length());
    free(slot);
    memory[slot] = NativeArrays.array(device, DataType.FLOAT, 'c', room);
    return memory[slot];
  }

  private void free(int slot) {
    if (memory[slot] != null) {
      NativeArrays.release(memory[slot]); // which waits for what still uses it
      memory[slot] = null;
      last[slot] = null;
    }
  }

  long bytes() {
    long bytes = 0;
    for (INDArray each : memory) {
      bytes += each == null ? 0 : NativeArrays.bytes(each);
    }
    return bytes;
  }

  void clear() {
    for (int slot = 0; slot < COUNT; slot++) {
      free(slot);
    }
  }
}
