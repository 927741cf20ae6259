package io.penstock.gpucheck;

import io.penstock.compute.ComputeDevice;

/**
 * Measures how long work takes on a device: so often, one after another, that waiting for the end
 * does not count. For one thread.
 *
 * @param device that does the work
 * @param least seconds of a measurement
 */
record Stopwatch(ComputeDevice device, double least) {
  private static final int TRIES = 3;
  private static final int MOST = 1 << 16;

  /** Returns the seconds of one time, the best of some measurements. */
  double seconds(Runnable work) {
    work.run();
    device.settle();
    int times = 1;
    double spent = spent(work, times);
    while (spent < least && times < MOST) {
      times *= 2;
      spent = spent(work, times);
    }
    double best = spent / times;
    for (int i = 1; i < TRIES; i++) {
      best = Math.min(best, spent(work, times) / times);
    }
    return best;
  }

  private double spent(Runnable work, int times) {
    long began = System.nanoTime();
    for (int i = 0; i < times; i++) {
      work.run();
    }
    device.settle();
    return (System.nanoTime() - began) / 1e9;
  }
}
