package io.penstock.compute.cuda;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Launches of kernels on one thread's stream: a kernel's name, its arguments in the order of its
 * parameters, then the grid. Nothing is allocated on the way. All that is launched by one thread
 * runs in the order of its launches. For one thread.
 */
interface Launcher {
  /**
   * Begins a launch.
   *
   * @param name of the kernel, as in its source
   * @throws IllegalStateException if no kernel of that name was compiled
   */
  Launcher kernel(String name);

  /** Passes the address of an array's first number, for a parameter {@code float *}. */
  Launcher array(INDArray array);

  /** Passes the address of one of an array's numbers, counted in memory from its first. */
  Launcher array(INDArray array, long at);

  /** Passes no address, for an array that is not there. */
  Launcher nothing();

  /** Passes a parameter {@code long long}: sizes, counts and places are of that type. */
  Launcher whole(long value);

  /** Passes a parameter {@code int}: flags and choices are of that type. */
  Launcher choice(int value);

  /** Passes a parameter {@code float}. */
  Launcher number(double value);

  /** Passes a parameter {@code double}. */
  Launcher precise(double value);

  /**
   * Launches one thread for each of so many numbers, 256 in a block; the last block has threads too
   * many, which the kernel ends. None are launched for a count of 0.
   */
  void each(long count);

  /** Launches blocks of so many threads, one for each row, say; none for a count of 0. */
  void blocks(long count, int threads);

  /** Launches a grid of blocks of {@code threadsX · threadsY} threads. */
  void grid(long x, long y, long z, int threadsX, int threadsY);

  /**
   * Returns scratch memory {@code [floats]} on the device, whose numbers are undefined; the same
   * memory at each call with this slot, so one kernel's scratch is dead when the next asks.
   *
   * @param slot 0 to 7, for those that are used at one time
   */
  INDArray scratch(int slot, long floats);

  /**
   * Copies whole numbers to scratch memory of the device, for a parameter {@code const int *}.
   *
   * @param slot as of {@link #scratch}, whose memory it is
   */
  INDArray upload(int slot, int[] numbers);

  /** Copies numbers to scratch memory of the device, for a parameter {@code const float *}. */
  INDArray upload(int slot, float[] numbers);

  /**
   * Copies an array that lies densely to the host, when all that was launched is done.
   *
   * @return its numbers as they lie in memory
   */
  float[] download(INDArray array);
}
