package io.penstock.nn.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.fuzz.Inputs;
import io.penstock.fuzz.Reading;
import io.penstock.nn.ShapeException;
import io.penstock.nn.WeightInit;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.layer.Chain;
import io.penstock.nn.layer.Convolution;
import io.penstock.nn.layer.Dense;
import io.penstock.nn.layer.Dropout;
import io.penstock.nn.layer.LayerNorm;
import io.penstock.nn.layer.Window;
import io.penstock.nn.loss.Losses;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class NetworkJsonFuzzTest {
  private static final List<String> GOOD =
      List.of(
          Sequential.perceptron(4, 8, 3).toJson(),
          Sequential.perceptron(4, 8, 3).toJson().replace("\"version\":2", "\"version\":1"),
          Sequential.input(3, 12, 12)
              .batchNorm()
              .convolution(3, Window.of(3, 3).same(), Activation.RELU)
              .layer(new Convolution(2, Window.of(2, 2).withPadding(1), false, 1.5))
              .maxPool(Window.of(3, 3).apart())
              .globalAveragePool()
              .dense(2, Activation.TANH)
              .loss(Losses.huber(0.5))
              .build()
              .toJson(),
          Sequential.input(6)
              .embedding(9, 8)
              .positions(6)
              .residual(new LayerNorm(0.25), new Chain(List.of(Dense.of(8), new Dropout(0.5))))
              .transformerBlock(2, 16, true, 0.1)
              .selfAttention(4, false)
              .lstm(5)
              .gru(4)
              .lastStep()
              .save("a")
              .layer(Dense.of(4).initialized(WeightInit.LECUN_NORMAL))
              .addSaved("a")
              .tiedDense(9, 4)
              .flatten()
              .loss(Losses.softmaxCrossEntropy().smoothed(0.1))
              .build()
              .toJson());

  @Provide
  Arbitrary<String> texts() {
    return Inputs.ofTexts(GOOD);
  }

  @Property(seed = "1")
  void everyTextIsANetworkOrRefused(@ForAll("texts") String text) throws Exception {
    Reading.of(
        text.length(),
        Set.of(IllegalArgumentException.class, ShapeException.class),
        () -> {
          Sequential network = Sequential.fromJson(text);
          for (int layer = 0; layer < network.layers().size(); layer++) {
            network.parameterCount(layer);
            network.flops(layer);
            network.stashedFloats(layer);
          }
          // What was read is what it says: nothing was cut or taken for something else.
          assertEquals(network, Sequential.fromJson(network.toJson()));
        });
  }
}
