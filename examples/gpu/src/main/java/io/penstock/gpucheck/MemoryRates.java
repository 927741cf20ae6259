package io.penstock.gpucheck;

import io.penstock.array.DeviceBuffer;
import io.penstock.array.NativeArrays;
import io.penstock.compute.Activations.Function;
import io.penstock.compute.Compute;
import io.penstock.compute.Updates;
import io.penstock.compute.cuda.CudaDevice;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Rates of copies and of kernels that do little but read and write, and the time of a launch. For
 * one thread.
 */
final class MemoryRates implements AutoCloseable {
  private static final int WIDTH = 1024;
  private static final double GIGA = 1e9;
  private static final double MICRO = 1e6;

  private final CudaDevice device;
  private final Compute compute;
  private final Report report;
  private final Budget budget;
  private final Stopwatch watch;

  /** Rows of {@link #WIDTH}, many times what a GPU's cache holds. */
  private final int rows;

  private final List<INDArray> arrays = new ArrayList<>();
  private double memory;

  MemoryRates(CudaDevice device, boolean small, Report report, Budget budget) {
    this.device = device;
    this.compute = device.open(DataType.FLOAT);
    this.report = report;
    this.budget = budget;
    this.watch = new Stopwatch(device, small ? 0 : 0.05);
    this.rows = small ? 8 : 1 << 16;
  }

  void run() {
    launches();
    transfers();
    kernels();
  }

  private void launches() {
    INDArray few = array(256);
    report.table("launches", "microseconds each");
    report.row("one after another", MICRO * watch.seconds(() -> compute.rows().fill(few, 1)));
    report.row(
        "waited for",
        MICRO
            * watch.seconds(
                () -> {
                  compute.rows().fill(few, 1);
                  device.settle();
                }));
  }

  private void transfers() {
    report.table("copies between host and GPU", "GB/s");
    INDArray array = matrix();
    long bytes = NativeArrays.bytes(array);
    long place = DeviceBuffer.address(array);
    long locked = device.lock(bytes);
    rate("page-locked, to the GPU", bytes, () -> device.sendLater(locked, place, bytes));
    rate("page-locked, from the GPU", bytes, () -> device.fetchLater(place, locked, bytes));
    device.settle();
    device.unlock(locked);
    INDArray host = NativeArrays.array(DataType.FLOAT, 'c', rows, WIDTH);
    rate("pageable, to the GPU", bytes, () -> NativeArrays.copy(host, array));
    rate("pageable, from the GPU", bytes, () -> NativeArrays.copy(array, host));
    NativeArrays.release(host);
  }

  private void rate(String what, double bytes, Runnable work) {
    if (budget.allows(what)) {
      report.row(what, bytes / watch.seconds(work) / GIGA);
    }
  }

  private void kernels() {
    report.table("kernels", "GB/s read and written", "of the driver's own copy");
    INDArray a = matrix();
    INDArray b = matrix();
    INDArray c = matrix();
    INDArray state = array(2L * rows * WIDTH);
    INDArray row = array(WIDTH);
    INDArray moments = array(rows);
    INDArray squares = array(rows);
    memory = Double.NaN;
    long bytes = NativeArrays.bytes(a);
    kernel("the driver's copy", 2, () -> device.copy(place(a), place(b), bytes));
    kernel("copy_numbers", 2, () -> compute.rows().copy(a, 0, b, 0, a.length()));
    kernel("add_numbers", 3, () -> compute.rows().add(a, b, c));
    kernel("add_to_each", 2, () -> compute.rows().addToEach(a, row));
    kernel("add_up", 1, () -> compute.rows().addUp(a, row));
    kernel("forward_relu", 2, () -> compute.activations().forward(Function.RELU, a, b));
    kernel("forward_gelu", 2, () -> compute.activations().forward(Function.GELU, a, b));
    kernel("backward_gelu", 3, () -> compute.activations().backward(Function.GELU, a, b, c));
    kernel("softmax", 2, () -> compute.activations().softmax(a));
    kernel("softmax_gradient", 3, () -> compute.activations().softmaxGradient(a, b));
    kernel("mask_numbers", 1, () -> compute.rows().mask(1, 0.5, b));
    kernel(
        "layer_norm", 2, () -> compute.norms().layerNorm(a, row, row, 1e-5, moments, squares, b));
    INDArray slopes = array(2 * WIDTH);
    kernel(
        "layer_norm_gradient",
        5,
        () -> compute.norms().layerNormGradient(a, row, 1e-5, moments, squares, b, c, slopes));
    Updates.Rule adam = new Updates.Adam(1e-3, 0.9, 0.999, 1e-8);
    kernel("adam_step", 7, () -> compute.updates().step(adam, state, a, b));
  }

  private static long place(INDArray array) {
    return DeviceBuffer.address(array);
  }

  /**
   * Measures a kernel.
   *
   * @param passes how often as many bytes as a matrix has are read or written
   */
  private void kernel(String name, int passes, Runnable work) {
    if (!budget.allows(name)) {
      return;
    }
    double rate = passes * (double) rows * WIDTH * Float.BYTES / watch.seconds(work) / GIGA;
    memory = Double.isNaN(memory) ? rate : memory;
    report.row(name, rate, rate / memory);
  }

  private INDArray matrix() {
    return filled(NativeArrays.array(device, DataType.FLOAT, 'c', rows, WIDTH));
  }

  private INDArray array(long length) {
    return filled(NativeArrays.array(device, DataType.FLOAT, 'c', length));
  }

  private INDArray filled(INDArray array) {
    compute.rows().fill(array, 0.5);
    arrays.add(array);
    return array;
  }

  @Override
  public void close() {
    arrays.forEach(NativeArrays::release);
    compute.clear();
  }
}
