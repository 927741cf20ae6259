package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.nn.Layer;
import io.penstock.nn.layer.Chain;
import io.penstock.nn.layer.Custom;
import io.penstock.nn.layer.Dense;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.RmsProp;

class HostWorkTest {
  /** A user's, which does what theirs does, and so may not be what a kernel computes. */
  private static final class OwnAdam extends Adam {
    private static final long serialVersionUID = 1L;

    @Override
    public Adam clone() {
      return new OwnAdam();
    }
  }

  private static HostWork of(Sequential network, Updater updater) {
    return HostWork.of(network, IntStream.range(0, network.layers().size()), true, updater);
  }

  @Test
  void everyLayerOfOursButCustomIsComputedOnAGpuAndEveryLoss() {
    LayerCase.all()
        .forEach(
            one -> {
              Layer layer = one.layer();
              boolean own =
                  layer.getClass().getPackage().equals(Dense.class.getPackage())
                      && !(layer instanceof Custom);
              assertEquals(
                  own, layer.computesAnywhere(), () -> layer + " is named where it is not ours");
            });
    for (String loss :
        List.of(
            "softmaxCrossEntropy",
            "sigmoidCrossEntropy",
            "squaredError",
            "absoluteError",
            "huber")) {
      assertTrue(Losses.named(loss).computesAnywhere(), loss);
    }
  }

  @Test
  void nothingIsSaidWhereTheHostHasNothingToDo() {
    Sequential network = Sequential.perceptron(4, 8, 3);
    for (Updater updater : List.of(Updater.sgd(0.1), Updater.adam(0.1))) {
      assertEquals(Optional.empty(), of(network, updater).words("GPU 0"));
    }
  }

  @Test
  void layersAndOptimizersOfTheHostAreNamedWithWhatTheyCost() {
    Blast blast = new Blast(Blast.Way.FORWARD, step -> false, 0, 0);
    Sequential network = blast.before(Sequential.perceptron(4, 8, 3), 1).network();
    String words = of(network, Updater.of(new RmsProp(0.1))).words("GPU 0").orElseThrow();
    for (String part :
        List.of("not on GPU 0: layer 1, Blast", "; the optimizer RmsProp(", "GPU 0 waits")) {
      assertTrue(words.contains(part), words);
    }
    assertEquals(1, of(network, Updater.sgd(0.1)).parts().size());
    assertEquals(List.of(), HostWork.of(network, IntStream.of(0), false, null).parts());
    assertTrue(
        of(Sequential.perceptron(4, 8, 3), Updater.of(new OwnAdam())).words("it").isPresent());
  }

  @Test
  void aChainIsTheHostsIfOneOfItsLayersIs() {
    Blast blast = new Blast(Blast.Way.FORWARD, step -> false, 0, 0);
    assertTrue(new Chain(List.of(Dense.of(3), Dense.of(2))).computesAnywhere());
    assertFalse(new Chain(List.of(Dense.of(3), blast)).computesAnywhere());
  }
}
