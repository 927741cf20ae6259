package io.penstock.nn.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.nn.Data;
import io.penstock.nn.Parameters;
import io.penstock.nn.Pass;
import io.penstock.nn.Skip;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.loss.Losses;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

class ForwardPassTest {
  private static final Sequential NETWORK =
      Sequential.input(2)
          .save("a")
          .activation(Activation.RELU)
          .save("b")
          .addSaved("a")
          .addSaved("b")
          .loss(Losses.squaredError())
          .build();

  private static ForwardPass layers(int first, int end) {
    return new ForwardPass(NETWORK, first, end, layer -> Parameters.zeros(List.of()));
  }

  private static INDArray run(
      ForwardPass pass, INDArray x, Map<Skip, INDArray> saved, ForwardPass.Visitor visitor) {
    return pass.run(x, saved, Pass.inference(0), visitor);
  }

  @Test
  void runsOfLayersOneAfterAnotherGiveWhatAllGive() {
    INDArray x = Data.floats(new float[][] {{-1, 2}});
    for (int cut = 1; cut < 5; cut++) {
      Map<Skip, INDArray> saved = new HashMap<>();
      INDArray between = run(layers(0, cut), x, saved, ForwardPass.UNSEEN);
      INDArray y = run(layers(cut, 5), between, saved, ForwardPass.UNSEEN);
      Data.assertClose(new double[] {-1, 6}, y, 0);
      assertEquals(NETWORK.skips().size(), saved.size());
    }
  }

  @Test
  void everyLayerIsSeenBeforeTheNextRuns() {
    List<Integer> seen = new ArrayList<>();
    List<INDArray> outputs = new ArrayList<>();
    INDArray x = Data.floats(new float[][] {{-1, 2}});
    INDArray last =
        run(
            layers(0, 5),
            x,
            new HashMap<>(),
            (layer, done) -> {
              seen.add(layer);
              outputs.add(done.output());
            });
    assertEquals(List.of(0, 1, 2, 3, 4), seen);
    assertSame(last, outputs.get(4));
    Data.assertClose(new double[] {0, 2}, outputs.get(1), 0);
    seen.clear();
    assertThrows(
        IllegalStateException.class,
        () ->
            run(
                layers(0, 5),
                x,
                new HashMap<>(),
                (layer, done) -> {
                  seen.add(layer);
                  throw new IllegalStateException("enough");
                }));
    assertEquals(List.of(0), seen);
  }

  @Test
  void whatWasSavedBeforeTheseLayersMustBeGiven() {
    INDArray x = Data.floats(new float[][] {{-1, 2}});
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> run(layers(3, 4), x, new HashMap<>(), ForwardPass.UNSEEN))
            .getMessage();
    assertTrue(message.contains("Layer 3 adds 'a', which layer 0 saves"), message);
  }
}
