package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.nn.Backward;
import io.penstock.nn.Forward;
import io.penstock.nn.Initializer;
import io.penstock.nn.Layer;
import io.penstock.nn.Loss;
import io.penstock.nn.ParameterSpec;
import io.penstock.nn.Parameters;
import io.penstock.nn.Pass;
import io.penstock.nn.Shape;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nd4j.linalg.api.ndarray.INDArray;

@Timeout(120)
class LayerTimerTest {
  private static final Sequential NETWORK =
      Sequential.input(3, 4)
          .flatten()
          .dense(64, Activation.RELU)
          .save("a")
          .activation(Activation.TANH)
          .addSaved("a")
          .dense(5)
          .loss(Losses.softmaxCrossEntropy())
          .build();

  private static final long MILLI = 1_000_000;

  private final AtomicLong nanos = new AtomicLong();
  private final Clock clock = new Clock(nanos::get, OptionalLong::empty);

  /** By a clock that is a millisecond on whenever it is read: once before and after each part. */
  @Test
  void everyLayerCanBeMeasuredAlone() {
    Clock ticking = new Clock(() -> nanos.addAndGet(MILLI), OptionalLong::empty);
    for (int layer = 0; layer < NETWORK.layers().size(); layer++) {
      assertEquals(
          new LayerTime(layer, 8, 1e-3, 1e-3, 1e-3, 1e-3),
          LayerTimer.time(NETWORK, layer, 8, Updater.sgd(0.1), true, ticking));
    }
  }

  /** By a clock that stands still: without an end from outside it measures for ever. */
  @Test
  void anInterruptedThreadMeasuresNoMore() {
    Thread.currentThread().interrupt();
    assertThrows(
        CancellationException.class,
        () -> LayerTimer.time(NETWORK, 1, 8, Updater.sgd(0.1), true, clock));
    assertTrue(Thread.interrupted(), "the flag stays");
  }

  @Test
  void everyPartTakesWhatItTakes() {
    Costly costly = new Costly(nanos, new AtomicInteger(), 2, 3, 5, 7);
    Sequential network = of(costly, costly, costly);
    LayerTime beside = LayerTimer.time(network, 1, 4, Updater.sgd(0.1), true, clock);
    assertEquals(new LayerTime(1, 4, 2e-3, 3e-3, 5e-3, 7e-3), beside);
    LayerTime within = LayerTimer.time(network, 1, 4, Updater.sgd(0.1), false, clock);
    assertEquals(new LayerTime(1, 4, 9e-3, 3e-3, 5e-3, 0), within, "what is packed in the pass");
    LayerTime first = LayerTimer.time(network, 0, 4, Updater.sgd(0.1), true, clock);
    assertEquals(new LayerTime(0, 4, 2e-3, 0, 5e-3, 7e-3), first);
  }

  @Test
  void theLossCountsToTheLastLayersBackward() {
    Costly costly = new Costly(nanos, new AtomicInteger(), 2, 3, 5, 7);
    Loss loss =
        (Loss)
            Proxy.newProxyInstance(
                Loss.class.getClassLoader(),
                new Class<?>[] {Loss.class},
                (proxy, method, arguments) -> {
                  nanos.addAndGet(method.getName().equals("gradient") ? 11 * MILLI : 0);
                  return method.invoke(Losses.squaredError(), arguments);
                });
    Sequential network = new Sequential(Shape.of(3), List.of(costly, costly), loss);
    assertEquals(
        new LayerTime(1, 4, 2e-3, 14e-3, 5e-3, 7e-3),
        LayerTimer.time(network, 1, 4, Updater.sgd(0.1), true, clock));
    assertEquals(
        3e-3,
        LayerTimer.time(of(costly, costly, costly), 1, 4, Updater.sgd(0.1), true, clock).input());
  }

  @Test
  void whatInterruptsOneRunInThreeChangesNothing() {
    AtomicInteger forwards = new AtomicInteger();
    Clock interrupted =
        new Clock(
            () -> nanos.addAndGet(forwards.get() % 3 == 0 ? 1000 * MILLI : 0), OptionalLong::empty);
    Costly costly = new Costly(nanos, forwards, 2, 3, 5, 7);
    assertEquals(
        new LayerTime(1, 4, 2e-3, 3e-3, 5e-3, 7e-3),
        LayerTimer.time(of(costly, costly), 1, 4, Updater.sgd(0.1), true, interrupted));
  }

  @Test
  void aSmallLayerIsMeasuredMoreOften() {
    for (long[] some : new long[][] {{1, 2 + 30}, {3, 2 + 10}, {10_000, 2 + 5}}) {
      AtomicInteger forwards = new AtomicInteger();
      Costly costly = new Costly(nanos, forwards, some[0], 0, 0, 0);
      LayerTimer.time(of(costly, costly), 0, 4, Updater.sgd(0.1), true, clock);
      assertEquals(some[1], forwards.get(), () -> "two of them to warm up, of ms " + some[0]);
    }
  }

  @Test
  void onlyWhatTrainingDoesIsMeasured() {
    Counting layer =
        new Counting(List.of(new ParameterSpec("w", List.of(1L), Initializer.zeros())));
    LayerTimer.time(of(layer, layer), 0, 2, Updater.sgd(0.1));
    assertTrue(layer.forwards.get() > 0);
    assertEquals(0, layer.inputs.get(), "nobody can change the network's input");
    assertEquals(layer.forwards.get(), layer.weights.get());

    Counting weightless = new Counting(List.of());
    LayerTimer.time(of(weightless, weightless), 1, 2, Updater.sgd(0.1));
    assertEquals(weightless.forwards.get(), weightless.inputs.get());
    assertEquals(0, weightless.weights.get());
  }

  @Test
  void packingCountsToTheUpdateOrToThePassThatReadsWhatIsPacked() {
    Packing beside = new Packing(new AtomicInteger(), new AtomicInteger());
    LayerTimer.time(of(beside), 0, 2, Updater.sgd(0.1));
    assertEquals(1, beside.inPasses.get(), "the first, before any update");
    assertTrue(beside.all.get() > 1);

    Packing within = new Packing(new AtomicInteger(), new AtomicInteger());
    LayerTimer.timeWithPacking(of(within), 0, 2, Updater.sgd(0.1));
    assertEquals(within.all.get(), within.inPasses.get());
    assertTrue(within.all.get() > 1);
  }

  private static Sequential of(Layer... layers) {
    return new Sequential(new Shape(List.of(3L)), List.of(layers), Losses.squaredError());
  }

  /**
   * Hands on what it gets, and moves a clock on by what that costs.
   *
   * @param forwards how often it has run
   * @param packing milliseconds to derive something from its weights
   */
  private record Costly(
      AtomicLong nanos, AtomicInteger forwards, long forward, long input, long weight, long packing)
      implements Layer {
    private void take(long millis) {
      nanos.addAndGet(millis * MILLI);
    }

    @Override
    public Shape outputShape(Shape shape) {
      return shape;
    }

    @Override
    public List<ParameterSpec> parameters(Shape shape) {
      return List.of(new ParameterSpec("w", List.of(1L), Initializer.zeros()));
    }

    @Override
    public long flops(Shape shape) {
      return 0;
    }

    @Override
    public Forward forward(INDArray rows, Parameters parameters, Pass pass) {
      forwards.incrementAndGet();
      take(forward);
      parameters.derived(
          "packed",
          (own, key) ->
              new Parameters.Derived() {
                @Override
                public void refresh() {
                  take(packing);
                }

                @Override
                public void free() {}
              });
      return new Forward(
          rows,
          new Backward() {
            @Override
            public INDArray inputGradient(INDArray outputGradient) {
              take(input);
              return outputGradient;
            }

            @Override
            public void weightGradient(INDArray outputGradient, Parameters gradients) {
              take(weight);
            }
          });
    }
  }

  /** Derives something from its weights, and counts how often, and how often of that in a pass. */
  private record Packing(AtomicInteger all, AtomicInteger inPasses) implements Layer {
    @Override
    public Shape outputShape(Shape input) {
      return input;
    }

    @Override
    public List<ParameterSpec> parameters(Shape input) {
      return List.of(new ParameterSpec("w", List.of(1L), Initializer.zeros()));
    }

    @Override
    public long flops(Shape input) {
      return 0;
    }

    @Override
    public Forward forward(INDArray input, Parameters parameters, Pass pass) {
      int before = all.get();
      parameters.derived(
          "packed",
          (own, key) ->
              new Parameters.Derived() {
                @Override
                public void refresh() {
                  all.incrementAndGet();
                }

                @Override
                public void free() {}
              });
      inPasses.addAndGet(all.get() - before);
      return new Forward(
          input,
          new Backward() {
            @Override
            public INDArray inputGradient(INDArray outputGradient) {
              return outputGradient;
            }

            @Override
            public void weightGradient(INDArray outputGradient, Parameters gradients) {}
          });
    }
  }

  /** Hands on what it gets, and counts. */
  private record Counting(
      List<ParameterSpec> learnt,
      AtomicInteger forwards,
      AtomicInteger inputs,
      AtomicInteger weights)
      implements Layer {
    Counting(List<ParameterSpec> learnt) {
      this(learnt, new AtomicInteger(), new AtomicInteger(), new AtomicInteger());
    }

    @Override
    public Shape outputShape(Shape input) {
      return input;
    }

    @Override
    public List<ParameterSpec> parameters(Shape input) {
      return learnt;
    }

    @Override
    public long flops(Shape input) {
      return 0;
    }

    @Override
    public Forward forward(INDArray input, Parameters parameters, Pass pass) {
      forwards.incrementAndGet();
      return new Forward(
          input,
          new Backward() {
            @Override
            public INDArray inputGradient(INDArray outputGradient) {
              inputs.incrementAndGet();
              return outputGradient;
            }

            @Override
            public void weightGradient(INDArray outputGradient, Parameters gradients) {
              weights.incrementAndGet();
            }
          });
    }
  }
}
