package io.penstock.train;

import io.penstock.balance.LayerCosts;
import io.penstock.balance.Partitioner;
import io.penstock.compute.ComputeDevice;
import io.penstock.nn.Shape;
import io.penstock.nn.WeightInit;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.layer.Custom;
import io.penstock.nn.layer.Dense;
import io.penstock.nn.layer.Window;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.network.SplitOutput;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.generate.Schedules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A small run, of which there is one for whatever may depend on where arrays lie.
 *
 * @param held rows that are validated on
 */
record DeviceCase(
    String name, LocalPipeline rows, Optional<LocalPipeline> held, TrainingPlan plan) {
  static final int ROWS = 14; // The last mini-batch has six rows, so three micro-batches.
  private static final int BATCH = 8;
  static final int MICRO_BATCHES = 4;
  private static final int EPOCHS = 2;
  private static final int LENGTH = 4;
  private static final int IDS = 11;

  /** Dropout, a skip, shared weights and statistics. */
  static final Sequential MIXED =
      Sequential.input(8)
          .dense(16, Activation.TANH)
          .save("wide")
          .dense(8)
          .dropout(0.2)
          .dense(16, Activation.RELU)
          .addSaved("wide")
          .tiedDense(0, 8)
          .batchNorm()
          .dense(4)
          .loss(Losses.softmaxCrossEntropy())
          .build();

  /** Every kind of network, on two stages. */
  static Stream<DeviceCase> networks() {
    List<DeviceCase> all = new ArrayList<>();
    all.add(
        numbers(
            "dense, dropout",
            Sequential.input(9)
                .dense(17, Activation.RELU)
                .dropout(0.3)
                .dense(13, Activation.TANH)
                .dense(11, Activation.GELU)
                .activation(Activation.SIGMOID)
                .dense(4)
                .loss(Losses.softmaxCrossEntropy().smoothed(0.1).weighted(0.5, 2, 1, 1))
                .build()));
    all.add(
        numbers(
            "convolution, batch norm, pooling",
            Sequential.input(1, 6, 6)
                .convolution(8, Window.of(3, 3).same())
                .batchNorm()
                .maxPool(Window.of(2, 2).apart())
                .convolution(6, Window.of(2, 2).withPadding(1), Activation.RELU)
                .averagePool(Window.of(2, 2))
                .globalMaxPool()
                .dense(4)
                .loss(Losses.softmaxCrossEntropy())
                .build()));
    all.add(
        tokens(
            "transformer, tied output",
            Sequential.input(LENGTH)
                .embedding(IDS, 8)
                .positions(LENGTH)
                .transformerBlock(2, 16, true, 0.1)
                .layerNorm()
                .tiedDense(0, IDS)
                .loss(Losses.softmaxCrossEntropy())
                .build(),
            LENGTH));
    all.add(
        tokens(
            "LSTM, GRU",
            Sequential.input(LENGTH)
                .embedding(IDS, 8)
                .lstm(7)
                .gru(6)
                .lastStep()
                .dense(4)
                .loss(Losses.softmaxCrossEntropy())
                .build(),
            1));
    all.add(
        numbers(
            "skips over stages, residual",
            Sequential.input(8)
                .save("input")
                .dense(16, Activation.TANH)
                .residual(Dense.of(16), Dense.of(16))
                .dense(8, Activation.SIGMOID)
                .addSaved("input")
                .dense(4)
                .loss(Losses.softmaxCrossEntropy())
                .build()));
    all.add(
        tokens(
            "split output",
            SplitOutput.inTraining(
                Sequential.input(LENGTH)
                    .embedding(IDS, 8)
                    .layerNorm()
                    .dense(IDS)
                    .loss(Losses.softmaxCrossEntropy())
                    .build(),
                3),
            LENGTH));
    all.add(numbers("layers and a loss of the user's", ofTheUsers()));
    all.add(numbers("all mixed", MIXED));
    return all.stream();
  }

  private static Sequential ofTheUsers() {
    Custom product =
        Custom.of(Shape.of(7), (graph, x) -> graph.math().tanh(x.mmul(graph.getVariable("w"))))
            .with("w", WeightInit.XAVIER.of(8, 7), 8, 7);
    var head = Sequential.input(6).dense(8, Activation.RELU);
    for (var own : OwnLayers.all()) {
      head = head.layer(own);
    }
    return head.layer(product).dense(1).loss(new OwnLoss(Losses.huber(0.5))).build();
  }

  /** A run over random numbers. */
  static DeviceCase numbers(String name, Sequential network) {
    return of(
        name, network, LocalPipeline.ofClasses(network, ROWS, (int) network.input().size(), 2, 3));
  }

  /** Ids, padding among them. */
  private static DeviceCase tokens(String name, Sequential network, int labels) {
    return of(
        name,
        network,
        new LocalPipeline(network, ids(LENGTH, IDS, 5), ids(labels, labels > 1 ? IDS : 4, 6)));
  }

  private static INDArray ids(int width, int ids, long seed) {
    Random random = new Random(seed);
    float[] all = new float[ROWS * width];
    for (int i = 0; i < all.length; i++) {
      boolean padding = width > 1 && i % width == width - 1 && i % 3 == 0;
      all[i] = padding ? -1 : random.nextInt(ids);
    }
    return Nd4j.create(all, new long[] {ROWS, width}, 'c');
  }

  private static DeviceCase of(String name, Sequential network, LocalPipeline rows) {
    Schedule two = Schedules.generate("1f1b", 2, MICRO_BATCHES);
    return new DeviceCase(name, rows, Optional.empty(), plan(network, two, Updater.adam(0.02)));
  }

  /** A run of a network that has this layer in its middle. */
  static DeviceCase ofLayer(LayerCase layer) {
    return of(
        layer.toString(),
        layer.network(),
        new LocalPipeline(
            layer.network(),
            ids(LayerCase.LENGTH, LayerCase.VOCABULARY, 5),
            ids(1, LayerCase.CLASSES, 6)));
  }

  /** The same run with frames that go through sockets. */
  DeviceCase overSockets() {
    return new DeviceCase(name, rows.overSockets(), held, plan);
  }

  /** The same run under another schedule, its stages cut where they weigh alike. */
  DeviceCase under(Schedule schedule) {
    return with(name, plan(rows.network(), schedule, Updater.adam(0.02)));
  }

  /** The same run with stages that begin at these layers. */
  DeviceCase under(Schedule schedule, List<Integer> starts) {
    return with(name, plan(rows.network(), schedule, Updater.adam(0.02), starts));
  }

  /** The same rows by another plan. */
  DeviceCase with(String other, TrainingPlan otherPlan) {
    return new DeviceCase(other, rows, held, otherPlan);
  }

  static TrainingPlan plan(Sequential network, Schedule schedule, Updater updater) {
    return plan(
        network,
        schedule,
        updater,
        Partitioner.partition(LayerCosts.flops(network), schedule.stages()).starts());
  }

  static TrainingPlan plan(
      Sequential network, Schedule schedule, Updater updater, List<Integer> starts) {
    return new TrainingPlan(
        "", // layers of a test have no text
        updater.toJson(),
        starts,
        TrainingPlan.lowerAndVerify(schedule),
        BATCH,
        EPOCHS,
        7);
  }

  DeviceOutcome run(ComputeDevice device) throws Exception {
    return run(rank -> device);
  }

  DeviceOutcome run(IntFunction<ComputeDevice> devices) throws Exception {
    return run(devices, InitialState.BORN);
  }

  DeviceOutcome run(IntFunction<ComputeDevice> devices, InitialState from) throws Exception {
    Queue<EpochReport> reports = new ConcurrentLinkedQueue<>();
    Queue<SkippedStep> skipped = new ConcurrentLinkedQueue<>();
    Progress progress =
        new Progress() {
          @Override
          public void stepSkipped(SkippedStep step) {
            skipped.add(step);
          }

          @Override
          public void epochDone(EpochReport report) {
            if (report.rank() == plan.labelRank()) {
              reports.add(report);
            }
          }
        };
    List<RankResult> ranks = rows.on(devices).run(plan, held, from, progress);
    return new DeviceOutcome(
        LocalPipeline.losses(ranks),
        LocalPipeline.weights(ranks),
        reports.stream().map(EpochReport::lossSum).toList(),
        reports.stream().map(EpochReport::validation).filter(one -> one != null).toList(),
        skipped.stream().map(step -> step.epoch() + ": " + step.text()).toList());
  }

  @Override
  public String toString() {
    return name;
  }
}
