package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.nn.Backward;
import io.penstock.nn.Forward;
import io.penstock.nn.Initializer;
import io.penstock.nn.Layer;
import io.penstock.nn.ParameterSpec;
import io.penstock.nn.Parameters;
import io.penstock.nn.Pass;
import io.penstock.nn.Shape;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nd4j.linalg.api.ndarray.INDArray;

@Timeout(60)
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

  @Test
  void everyLayerCanBeMeasuredAlone() {
    for (int layer = 0; layer < NETWORK.layers().size(); layer++) {
      LayerTime time = LayerTimer.time(NETWORK, layer, 8, Updater.sgd(0.1));
      assertEquals(layer, time.layer());
      assertEquals(8, time.rows());
      assertTrue(time.forward() > 0 && time.forward() < 1, time::toString);
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
