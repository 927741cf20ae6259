package io.penstock.train;

import io.penstock.Internal;
import io.penstock.array.NativeArrays;
import io.penstock.compute.ComputeDevice;
import io.penstock.compute.MicroBatchArena;
import io.penstock.compute.Workspace;
import io.penstock.nn.Forward;
import io.penstock.nn.Parameters;
import io.penstock.nn.Pass;
import io.penstock.nn.SampleWeights;
import io.penstock.nn.Skip;
import io.penstock.nn.network.ForwardPass;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.stream.LongStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Measures layers one at a time, on the calling thread, which may be any that is ready for ND4J. It
 * does so with weights and rows made up for it, so that no more than one layer of the network need
 * fit in memory. The loss counts as part of the last layer's backward.
 */
@Internal
public final class LayerTimer implements AutoCloseable {
  private static final int WARM_UPS = 2;
  private static final int FEWEST = 5;

  /** A small layer is measured more often, until this has passed. */
  private static final long ENOUGH_NANOS = 30_000_000;

  private final int index;
  private final ForwardPass layers;
  private final Parameters parameters;
  private final Parameters gradients;

  /** Optimizer state; null for a layer that is tied to another, which updates their weights. */
  private final Updater.State updater;

  /** Whether weights are packed beside their update, as a stage does, or in the next passes. */
  private final boolean renews;

  private final Clock clock;
  private final Workspace pool;
  private final INDArray input;
  private final INDArray outputGradient;
  private final Map<Skip, INDArray> saved = new HashMap<>();
  private final PlacedLoss loss;

  /** Labels, for the last layer and those that ask for them; else null. */
  private final INDArray labels;

  private final boolean last;

  /** Result of the layer's last forward. */
  private Forward forward;

  private LayerTimer(
      Sequential network,
      int index,
      int rows,
      Updater updater,
      boolean renews,
      ComputeDevice device,
      Clock clock) {
    this.index = index;
    this.renews = renews;
    this.clock = clock;
    this.pool = new Workspace(device, NativeArrays::release);
    int owner = network.owner(index);
    this.parameters =
        Parameters.initial(network.parameters(owner), 0, owner).movedTo(device.memory());
    this.gradients = Parameters.zeros(parameters.specs(), device.memory());
    this.updater = owner == index ? updater.newState(parameters) : null;
    this.input =
        Stage.takesIds(network, index)
            ? onHost(rows, network.shape(index).dims())
            : rows(rows, network.shape(index).dims());
    this.outputGradient = rows(rows, network.shape(index + 1).dims());
    this.layers = new ForwardPass(network, index, index + 1, layer -> parameters);
    network.skips().stream()
        .filter(skip -> skip.to() == index)
        .forEach(skip -> saved.put(skip, rows(rows, network.shape(index + 1).dims())));
    this.loss = new PlacedLoss(network.loss(), pool);
    this.last = index == network.layers().size() - 1;
    boolean labelled = last || network.layers().get(index).readsLabels();
    this.labels = labelled ? Nd4j.zeros(rows, network.loss().labelWidth(network.output())) : null;
  }

  /**
   * Returns the median times of one layer for a micro-batch of a number of rows. What is done once
   * a mini-batch, packing weights for kernels, counts as part of the update, beside which it is
   * done.
   *
   * @throws CancellationException if the calling thread is interrupted
   */
  public static LayerTime time(Sequential network, int index, int rows, Updater updater) {
    return time(network, index, rows, updater, ComputeDevice.PROCESSOR);
  }

  /** Returns the median times of one layer on a device, as those on the processor. */
  public static LayerTime time(
      Sequential network, int index, int rows, Updater updater, ComputeDevice device) {
    return time(network, index, rows, updater, true, device, Clock.SYSTEM);
  }

  /**
   * Returns the median times of one layer where weights are packed in the pass that reads them:
   * nothing is left out of it.
   */
  public static LayerTime timeWithPacking(
      Sequential network, int index, int rows, Updater updater) {
    return time(network, index, rows, updater, false, ComputeDevice.PROCESSOR, Clock.SYSTEM);
  }

  static LayerTime time(
      Sequential network, int index, int rows, Updater updater, boolean renews, Clock clock) {
    return time(network, index, rows, updater, renews, ComputeDevice.PROCESSOR, clock);
  }

  private static LayerTime time(
      Sequential network,
      int index,
      int rows,
      Updater updater,
      boolean renews,
      ComputeDevice device,
      Clock clock) {
    List<long[]> runs = new ArrayList<>();
    try (LayerTimer timer = new LayerTimer(network, index, rows, updater, renews, device, clock)) {
      for (int i = 0; i < WARM_UPS; i++) {
        timer.once();
      }
      long begin = clock.now();
      while (runs.size() < FEWEST || clock.now() - begin < ENOUGH_NANOS) {
        runs.add(timer.once());
      }
    }
    return new LayerTime(
        index,
        rows,
        medianSeconds(runs, 0),
        medianSeconds(runs, 1),
        medianSeconds(runs, 2),
        medianSeconds(runs, 3));
  }

  /**
   * Returns the nanoseconds of the forward, of the two halves of the backward, and of the update.
   */
  private long[] once() {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("Interrupted while layers were measured.");
    }
    try (MicroBatchArena memory = pool.arena()) {
      return once(new Pass(true, 0, index, 0, 0, memory).labelled(labels));
    }
  }

  private long[] once(Pass pass) {
    long start = now();
    layers.run(input, saved, pass, (at, done) -> forward = done);
    long afterForward = now();
    if (last) {
      INDArray output = forward.output();
      loss.gradient(output, labels, SampleWeights.ONE, 1.0 / labels.size(0), outputGradient);
    }
    if (index > 0) {
      forward.backward().inputGradient(outputGradient);
    }
    long afterInput = now();
    if (gradients.size() > 0) {
      forward.backward().weightGradient(outputGradient, gradients);
    }
    long afterWeight = now();
    if (updater != null) {
      updater.apply(parameters, gradients, 0, 0, pool.compute(parameters.flat().dataType()));
    }
    if (renews) {
      parameters.renew();
    }
    gradients.clear();
    return new long[] {
      afterForward - start, afterInput - afterForward, afterWeight - afterInput, now() - afterWeight
    };
  }

  /** Frees its memory, for the next layer's may not find room beside it. */
  @Override
  public void close() {
    pool.clear();
    parameters.close();
    gradients.close();
    if (updater != null) {
      updater.close();
    }
  }

  private long now() {
    pool.device().settle();
    return clock.now();
  }

  private INDArray rows(int rows, Iterable<Long> dims) {
    INDArray host = onHost(rows, dims);
    return pool.isOnDevice() ? NativeArrays.copy(host, pool.fresh().like(host)) : host;
  }

  /** Numbers of both signs around one in size; their values do not change the time. */
  private static INDArray onHost(int rows, Iterable<Long> dims) {
    LongStream.Builder shape = LongStream.builder().add(rows);
    dims.forEach(shape::add);
    long[] all = shape.build().toArray();
    long length = Arrays.stream(all).reduce(1, Math::multiplyExact);
    float[] values = new float[Math.toIntExact(length)];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 7 - 3;
    }
    return Nd4j.createFromArray(values).castTo(DataType.FLOAT).reshape('c', all);
  }

  private static double medianSeconds(List<long[]> runs, int part) {
    long[] sorted = runs.stream().mapToLong(run -> run[part]).sorted().toArray();
    return sorted[sorted.length / 2] / 1e9;
  }
}
