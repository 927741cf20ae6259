package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.array.NativeArrays;
import io.penstock.balance.LayerCosts;
import io.penstock.balance.Partitioner;
import io.penstock.feed.Batches;
import io.penstock.feed.MiniBatches;
import io.penstock.link.Address;
import io.penstock.link.Link;
import io.penstock.link.LinkConfig;
import io.penstock.link.Links;
import io.penstock.nn.Shape;
import io.penstock.nn.WeightInit;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.layer.Custom;
import io.penstock.nn.layer.Dense;
import io.penstock.nn.layer.Window;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.Recomputation;
import io.penstock.schedule.generate.Schedules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What two stages hold of native memory after many epochs is what they held after a few: measured
 * between two epochs, when nothing is in flight, once the collector has freed what nobody has.
 */
@Timeout(120)
class MemoryGrowthTest {
  private static final int MICRO_BATCHES = 4;
  private static final int ROWS = 4;
  private static final int STEPS = 4;
  private static final int WARM_UP = 2;
  private static final int EPOCHS = 9;
  private static final int EPOCHS_OVER_SOCKETS = 30;
  private static final int LENGTH = 8;
  private static final int VOCABULARY = 16;

  /**
   * A network and its micro-batches.
   *
   * @param width of the input of a step
   * @param labels a row has
   * @param gradient how many numbers a row's gradient has between the stages, at least
   */
  private record Case(
      String name,
      Sequential network,
      Recomputation recomputation,
      boolean overSockets,
      IntUnaryOperator width,
      IntUnaryOperator labels,
      int gradient) {
    static Case of(String name, Sequential network) {
      int width = (int) network.input().size();
      return new Case(name, network, Recomputation.NEVER, false, step -> width, step -> 1, 7);
    }

    /** Every step has a length of its own. */
    static Case ofSequences(String name, Sequential network) {
      IntUnaryOperator length = step -> LENGTH - step;
      return new Case(
          name, network, Recomputation.NEVER, false, length, length, 8 * (LENGTH - STEPS + 1));
    }

    Case recomputed() {
      return new Case(
          name + ", recomputed",
          network,
          Recomputation.ALWAYS,
          overSockets,
          width,
          labels,
          gradient);
    }

    Case throughSockets() {
      return new Case(
          name + ", through sockets", network, recomputation, true, width, labels, gradient);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> cases() {
    Case perceptron =
        Case.of(
            "perceptron",
            Sequential.input(16)
                .dense(32, Activation.RELU)
                .dropout(0.1)
                .dense(24, Activation.GELU)
                .dense(3)
                .loss(Losses.softmaxCrossEntropy())
                .build());
    Case pictures =
        Case.of(
            "convolution, batch norm, pooling",
            Sequential.input(1, 6, 6)
                .convolution(8, Window.of(3, 3).same())
                .batchNorm()
                .maxPool(Window.of(2, 2).apart())
                .convolution(16, Window.of(3, 3).withPadding(1), Activation.RELU)
                .batchNorm()
                .averagePool(Window.of(2, 2))
                .globalMaxPool()
                .dense(3)
                .loss(Losses.softmaxCrossEntropy())
                .build());
    Case transformer =
        Case.ofSequences(
            "transformer, tied weights",
            Sequential.input(LENGTH)
                .embedding(VOCABULARY, 16)
                .positions(LENGTH)
                .transformerBlock(2, 32, true, 0.1)
                .transformerBlock(4, 32, true, 0)
                .layerNorm()
                .tiedDense(0, VOCABULARY)
                .loss(Losses.softmaxCrossEntropy())
                .build());
    Case recurrent =
        Case.ofSequences(
            "LSTM, GRU",
            Sequential.input(LENGTH)
                .embedding(VOCABULARY, 8)
                .lstm(8)
                .gru(16)
                .dense(VOCABULARY)
                .loss(Losses.softmaxCrossEntropy())
                .build());
    Case skips =
        Case.of(
            "residual, skips",
            Sequential.input(8)
                .save("input")
                .dense(16, Activation.TANH)
                .residual(Dense.of(16), Dense.of(16))
                .dense(8, Activation.SIGMOID)
                .addSaved("input")
                .dense(3)
                .loss(Losses.softmaxCrossEntropy())
                .build());
    Case custom =
        Case.of(
            "custom",
            Sequential.input(6)
                .dense(8)
                .layer(
                    Custom.of(Shape.of(7), (sd, x) -> sd.math().tanh(x.mmul(sd.getVariable("w"))))
                        .with("w", WeightInit.XAVIER.of(8, 7), 8, 7))
                .dense(3)
                .loss(Losses.softmaxCrossEntropy())
                .build());
    return Stream.of(
        perceptron,
        pictures,
        transformer,
        recurrent,
        skips,
        custom,
        transformer.recomputed(),
        pictures.recomputed(),
        transformer.throughSockets(),
        skips.throughSockets());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void nothingGrowsFromStepToStep(Case one) throws Exception {
    int last = (one.overSockets ? EPOCHS_OVER_SOCKETS : EPOCHS) - 1;
    // How many frames arrive before the first is taken, and how many gradients are on their way at
    // once, depends on the threads' luck; shelves and pools keep as many as ever were out at one
    // time, most of all over sockets: those runs are longer. What may be added is half of what one
    // buffer left behind a step would add, and half of what one gradient would.
    int slack = (last - WARM_UP) * STEPS / 2;
    long bytes = (long) slack * ROWS * one.gradient * Float.BYTES;
    Held[] held = new Held[last + 1];
    AtomicInteger epochs = new AtomicInteger();
    CyclicBarrier epoch =
        new CyclicBarrier(
            2,
            () -> {
              int done = epochs.getAndIncrement();
              if (done == WARM_UP) {
                held[done] = Held.now();
              } else if (done == last) {
                held[done] = Held.settled(held[WARM_UP], bytes, slack);
              }
            });
    run(one, last + 1, report -> await(epoch));
    Held before = held[WARM_UP];
    Held after = held[last];
    String told = "after warming up " + before + ", at the end " + after;
    assertTrue(after.isWithin(before, bytes, slack), told);
  }

  private static void run(Case one, int epochs, Progress progress) throws Exception {
    int batch = ROWS * MICRO_BATCHES;
    TrainingPlan plan =
        new TrainingPlan(
            one.network.toWire(),
            Updater.adam(0.01).toJson(),
            Partitioner.partition(LayerCosts.flops(one.network), 2).starts(),
            TrainingPlan.lowerAndVerify(
                Schedules.generate("1f1b", 2, MICRO_BATCHES), one.recomputation),
            batch,
            epochs,
            7);
    LinkConfig own =
        new LinkConfig(
            "127.0.0.1", "127.0.0.1", 0, Map.of(), "growth", null, false, one.overSockets);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (Link first = Links.open(own);
        Link last = Links.open(own)) {
      List<Link> links = List.of(first, last);
      List<Address> addresses = links.stream().map(Link::address).toList();
      List<Future<RankResult>> running = new ArrayList<>();
      for (int rank = 0; rank < 2; rank++) {
        int self = rank;
        running.add(
            threads.submit(
                () -> {
                  links.get(self).connect(self, addresses);
                  return new RankRunner(
                          self,
                          plan,
                          one.network,
                          links.get(self),
                          self == 0 ? batches(one.width) : null,
                          self == 1 ? batches(one.labels) : null,
                          new MiniBatches((long) batch * STEPS, batch, MICRO_BATCHES),
                          () -> false)
                      .run(progress, TrainedLayers.RETURNED);
                }));
      }
      for (Future<RankResult> rank : running) {
        rank.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** Class ids and token ids serve as features too. */
  private static Batches batches(IntUnaryOperator width) {
    return new Batches() {
      @Override
      public void startEpoch(int epoch) {}

      @Override
      public INDArray microBatch(int step, int microBatch) {
        INDArray rows = NativeArrays.array(DataType.FLOAT, 'c', ROWS, width.applyAsInt(step));
        return rows.assign(microBatch % 3);
      }
    };
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
