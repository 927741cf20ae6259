package io.penstock.gpucheck;

import io.penstock.array.DeviceMemory;
import io.penstock.array.NativeArrays;
import io.penstock.compute.Compute;
import io.penstock.compute.ComputeDevice;
import io.penstock.compute.MicroBatchArena;
import io.penstock.compute.Workspace;
import io.penstock.nn.Backward;
import io.penstock.nn.Layer;
import io.penstock.nn.Parameters;
import io.penstock.nn.Pass;
import io.penstock.nn.network.ForwardPass;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Network in training on a device, or in double precision on the host: the layers, the loss and the
 * optimizer that train on a cluster, without the cluster. For one thread.
 */
final class Training implements AutoCloseable {
  private static final long SEED = 5;

  private final Work work;
  private final DataType type;
  private final DeviceMemory memory;
  private final Workspace workspace;
  private final Compute compute;
  private final List<Parameters> weights = new ArrayList<>();
  private final List<Parameters> gradients = new ArrayList<>();
  private final List<INDArray> states = new ArrayList<>();
  private final INDArray input;
  private final LearningCases.Labels labels;
  private int step;

  /**
   * A network at its beginning.
   *
   * @param rows of a step
   */
  Training(Work work, int rows, ComputeDevice device) {
    this.work = work;
    this.memory = device.memory();
    this.type = memory == null ? DataType.DOUBLE : DataType.FLOAT;
    this.workspace = new Workspace(device, NativeArrays::release);
    this.compute = workspace.compute(type);
    for (int layer = 0; layer < work.network().layers().size(); layer++) {
      var specs = work.network().parameters(layer);
      // Both begin with the same floats.
      Parameters initial = Parameters.initial(specs, SEED, layer);
      Parameters sums =
          memory == null ? Parameters.zeros(specs, type) : Parameters.zeros(specs, memory);
      weights.add(memory == null ? widened(initial) : initial.movedTo(memory));
      gradients.add(sums);
      states.add(NativeArrays.zeros(memory, type, 3 * Math.max(1, initial.size())));
    }
    Random random = new Random(SEED);
    this.input = input(random, rows);
    int places = rows * work.labels();
    this.labels = new LearningCases.Labels(random.ints(places, 0, work.classes()).toArray(), 1);
  }

  private Parameters widened(Parameters floats) {
    Parameters wide = Parameters.zeros(floats.specs(), type);
    if (floats.size() > 0) {
      wide.flat().assign(floats.flat());
    }
    return wide;
  }

  /** Makes rows; ids stay in the host's memory, where they are read. */
  private INDArray input(Random random, int rows) {
    DataType own = memory == null ? type : DataType.FLOAT;
    INDArray host = NativeArrays.array(own, 'c', rows, work.width());
    for (long i = 0; i < host.length(); i++) {
      double one = work.ids() > 0 ? random.nextInt(work.ids()) : random.nextFloat();
      host.putScalar(i, one);
    }
    return memory == null || work.ids() > 0
        ? host
        : NativeArrays.copy(host, NativeArrays.array(memory, own, 'c', rows, work.width()));
  }

  /** Returns the loss of a step's rows, and leaves its gradients. */
  double backward() {
    gradients.forEach(Parameters::clear);
    List<Backward> done = new ArrayList<>();
    try (MicroBatchArena arena = workspace.arena()) {
      Pass pass = new Pass(true, SEED, 0, step, 0, arena);
      ForwardPass forward = new ForwardPass(work.network(), 0, weights.size(), weights::get);
      INDArray output =
          forward.run(input, new HashMap<>(), pass, (layer, one) -> done.add(one.backward()));
      INDArray slope = arena.like(output, output.size(-1));
      double loss =
          compute.losses().softmaxCrossEntropy(output, labels, 0, 1.0 / labels.count(), slope);
      for (int layer = weights.size() - 1; layer >= 0; layer--) {
        if (gradients.get(layer).size() > 0) {
          done.get(layer).weightGradient(slope, gradients.get(layer));
        }
        slope = layer == 0 ? slope : done.get(layer).inputGradient(slope);
      }
      return loss / labels.count();
    }
  }

  /** Changes the weights by the gradients that are there. */
  void update() {
    for (int layer = 0; layer < weights.size(); layer++) {
      Parameters own = weights.get(layer);
      if (own.size() == 0) {
        continue;
      }
      Layer its = work.network().layers().get(layer);
      INDArray trained = own.trained();
      compute
          .updates()
          .step(work.rule(), states.get(layer), gradients.get(layer).trained(), trained);
      its.updateStatistics(own, gradients.get(layer), compute);
      own.changed();
    }
    step++;
  }

  /** Returns the gradients of each layer. */
  List<double[]> gradients() {
    return numbers(gradients);
  }

  /** Returns the weights of each layer. */
  List<double[]> weights() {
    return numbers(weights);
  }

  private static List<double[]> numbers(List<Parameters> all) {
    return all.stream()
        .filter(each -> each.size() > 0)
        .map(each -> Given.numbers(each.flat()))
        .toList();
  }

  @Override
  public void close() {
    weights.forEach(Parameters::close);
    gradients.forEach(Parameters::close);
    states.forEach(NativeArrays::release);
    workspace.clear();
  }
}
