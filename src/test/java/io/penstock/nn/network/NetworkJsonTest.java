package io.penstock.nn.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.nn.Forward;
import io.penstock.nn.Layer;
import io.penstock.nn.Loss;
import io.penstock.nn.ParameterSpec;
import io.penstock.nn.Parameters;
import io.penstock.nn.Pass;
import io.penstock.nn.Shape;
import io.penstock.nn.WeightInit;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.layer.ActivationLayer;
import io.penstock.nn.layer.Chain;
import io.penstock.nn.layer.Convolution;
import io.penstock.nn.layer.Dense;
import io.penstock.nn.layer.Dropout;
import io.penstock.nn.layer.LayerNorm;
import io.penstock.nn.layer.Window;
import io.penstock.nn.loss.Losses;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

class NetworkJsonTest {
  static final Sequential NET =
      Sequential.input(3, 4_000_000_000L)
          .batchNorm()
          .convolution(3, Window.of(5).same(), Activation.RELU)
          .layer(new Convolution(2, Window.of(2).withStride(3).withPadding(1), false, 1.5))
          .maxPool(Window.of(3).apart())
          .averagePool(Window.of(2))
          .globalAveragePool()
          .flatten()
          .layer(new Dense(17, false, 1.0 / 3))
          .activation(Activation.LEAKYRELU)
          .dropout(0.1)
          .dense(2, Activation.TANH)
          .loss(Losses.squaredError())
          .build();

  @Test
  void everyLayerComesBackExactly() {
    Sequential back = Sequential.fromJson(NET.toJson());
    assertEquals(NET, back);
    assertEquals(NET.toJson(), back.toJson());
  }

  @Test
  void skipsAndTiesComeBackExactly() {
    Sequential network =
        Sequential.input(2)
            .dense(3)
            .save("three")
            .dense(3)
            .addSaved("three")
            .tiedDense(0, 2)
            .loss(Losses.squaredError())
            .build();
    assertEquals(network, Sequential.fromJson(network.toJson()));
  }

  @Test
  void layersWithinLayersComeBackExactly() {
    Sequential net =
        Sequential.input(6)
            .embedding(9, 8)
            .positions(6)
            .residual(new LayerNorm(0.25), new Chain(List.of(Dense.of(8), new Dropout(0.5))))
            .transformerBlock(2, 16, true, 0.1)
            .selfAttention(4, false)
            .layerNorm()
            .flatten()
            .loss(Losses.squaredError())
            .build();
    assertEquals(net, Sequential.fromJson(net.toJson()));
    String json = net.toJson();
    assertMessage(json.replace("\"chain\"", "\"train\""), "Layer 2.1 ", "'train'");
    assertMessage(json.replace("\"probability\":0.5", "\"probability\":7"), "Layer 2.1.1 ", "7");
    assertMessage(json.replace("\"residual\",", "\"residual\",\"gain\":1,"), "Layer 2 ", "gain");
  }

  @Test
  void aNullIsNamedWithItsField() {
    String weighted =
        Sequential.input(4)
            .dense(3)
            .loss(Losses.softmaxCrossEntropy().weighted(1, 3, 2))
            .build()
            .toJson();
    assertMessage(weighted.replace("3.0,", "null,"), "softmaxCrossEntropy", "[1.0,null,2.0]");
    String picture =
        Sequential.input(1, 4, 4)
            .convolution(2, Window.of(3, 3))
            .flatten()
            .loss(Losses.squaredError())
            .build()
            .toJson();
    assertMessage(picture.replace("[3,3]", "[3,null]"), "Layer 0 ", "'window'", "[3,null]");
    assertMessage(picture.replace("[3,3]", "null"), "Layer 0 ", "'window'", "null");
    assertMessage(
        picture.replaceFirst("\"window\":\\{[^}]*}", "\"window\":null"), "'window' is null");
  }

  @Test
  void theFormatIsPlain() {
    String json =
        Sequential.input(4)
            .layer(new Dense(2, true, 1))
            .activation(Activation.RELU)
            .flatten()
            .dropout(0.5)
            .loss(Losses.softmaxCrossEntropy())
            .build()
            .toJson();
    assertEquals(
        "{'format':'penstock-network','version':2,'input':[4],'layers':["
            .concat("{'type':'dense','outputs':2,'bias':true,'gain':1.0},")
            .concat("{'type':'activation','function':'relu'},")
            .concat("{'type':'flatten'},{'type':'dropout','probability':0.5}],")
            .concat("'loss':'softmaxCrossEntropy'}")
            .replace('\'', '"'),
        json);
  }

  @Test
  void aLossWithSettingsIsAnObjectAndOneWithoutAName() {
    for (Loss loss :
        List.of(
            Losses.softmaxCrossEntropy().smoothed(0.1),
            Losses.huber(1.0 / 3),
            Losses.huber(1),
            Losses.absoluteError(),
            Losses.sigmoidCrossEntropy())) {
      Sequential net = Sequential.input(4).dense(3).loss(loss).build();
      assertEquals(net, Sequential.fromJson(net.toJson()));
    }
    String json = Sequential.input(4).dense(3).loss(Losses.huber(2)).build().toJson();
    assertTrue(json.endsWith("\"loss\":{\"type\":\"huber\",\"delta\":2.0}}"), json);
    assertMessage(json.replace("2.0", "-2"), "huber", "-2");
    assertMessage(json.replace("huber", "hubre"), "'hubre'", "huber");
    assertMessage(json.replace("delta", "dleta"), "huber", "'delta'");
  }

  @Test
  void howWeightsBeginIsWrittenOnlyIfItIsSaid() {
    Sequential net =
        Sequential.input(4)
            .layer(Dense.of(3).initialized(WeightInit.LECUN_NORMAL))
            .loss(Losses.squaredError())
            .build();
    assertTrue(net.toJson().contains("\"init\":\"lecun_normal\""), net.toJson());
    assertEquals(net, Sequential.fromJson(net.toJson()));
    assertMessage(net.toJson().replace("lecun_normal", "lecun"), "Layer 0", "'lecun'");
  }

  @Test
  void geluInVersionOneIsTheSigmoidForm() {
    String old =
        "{'format':'penstock-network','version':1,'input':[4],'layers':["
            .concat("{'type':'embedding','vocabulary':5,'width':6},")
            .concat("{'type':'residual','layers':[{'type':'activation','function':'gelu'}]},")
            .concat("{'type':'transformerBlock','heads':2,'hidden':8,'causal':true,'dropout':0.0},")
            .concat("{'type':'activation','function':'relu'}],")
            .concat("'loss':'softmaxCrossEntropy'}")
            .replace('\'', '"');
    Sequential expected =
        Sequential.input(4)
            .embedding(5, 6)
            .residual(new ActivationLayer(Activation.GELU_SIGMOID))
            .transformerBlock(2, 8, true, 0, Activation.GELU_SIGMOID)
            .activation(Activation.RELU)
            .loss(Losses.softmaxCrossEntropy())
            .build();
    assertEquals(expected, Sequential.fromJson(old));
    assertEquals(expected, Sequential.fromJson(expected.toJson()));
    Sequential gelu =
        Sequential.input(4)
            .dense(3, Activation.GELU)
            .dense(3, Activation.GELU_TANH)
            .loss(Losses.squaredError())
            .build();
    assertEquals(gelu, Sequential.fromJson(gelu.toJson()));
    assertTrue(gelu.toJson().contains("\"gelu\""), gelu.toJson());
  }

  @Test
  void aLayerOfSomeoneElsesHasNoJson() {
    Sequential net = Sequential.input(2).layer(new Foreign()).loss(Losses.squaredError()).build();
    assertTrue(
        assertThrows(IllegalArgumentException.class, net::toJson).getMessage().contains("Foreign"));
  }

  static void assertMessage(String json, String... parts) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> Sequential.fromJson(json)).getMessage();
    for (String part : parts) {
      assertTrue(message.contains(part), message);
    }
  }

  private record Foreign() implements Layer {
    @Override
    public Shape outputShape(Shape input) {
      return input;
    }

    @Override
    public List<ParameterSpec> parameters(Shape input) {
      return List.of();
    }

    @Override
    public long flops(Shape input) {
      return 0;
    }

    @Override
    public Forward forward(INDArray input, Parameters parameters, Pass pass) {
      throw new UnsupportedOperationException();
    }
  }
}
