package io.penstock.nn.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.nn.Data;
import io.penstock.nn.Forward;
import io.penstock.nn.Initializer;
import io.penstock.nn.Layer;
import io.penstock.nn.ParameterSpec;
import io.penstock.nn.Parameters;
import io.penstock.nn.Pass;
import io.penstock.nn.Shape;
import io.penstock.nn.ShapeException;
import io.penstock.nn.Skip;
import io.penstock.nn.Weightless;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.layer.Chain;
import io.penstock.nn.loss.Losses;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Skips, tied layers and layers of a user's own, which are joined to others of the network. */
class SequentialJoinsTest {
  @Test
  void skipsJoinWhatWasSavedToWhatAddsIt() {
    Sequential network =
        Sequential.input(2)
            .save("a")
            .activation(Activation.RELU)
            .save("b")
            .addSaved("a")
            .addSaved("b")
            .loss(Losses.squaredError())
            .build();
    assertEquals(List.of(new Skip("a", 0, 3), new Skip("b", 2, 4)), network.skips());
    List<Parameters> none =
        network.layers().stream().map(l -> Parameters.zeros(List.of())).toList();
    INDArray y = network.output(none, Data.floats(new float[][] {{-1, 2}}));
    Data.assertClose(new double[] {-1, 6}, y, 0);
  }

  @Test
  void bothEndsOfASkipMustBeThereAndOfOneShape() {
    NetworkBuilder neverSaved = Sequential.input(2).addSaved("a");
    assertRefused(neverSaved, "Layer 0 adds 'a', but no layer before it saves that");
    assertRefused(Sequential.input(2).save("a"), "saves 'a', which no layer adds");
    assertRefused(
        Sequential.input(2).save("a").dense(3).addSaved("a"), "of shape [2] to rows of shape [3]");
    assertRefused(Sequential.input(2).save("a").save("a").addSaved("a"), "Layer 1 saves 'a' again");
  }

  @Test
  void aTiedLayerUsesTheWeightsOfItsOwner() {
    Sequential network =
        Sequential.input(2).dense(3).tiedDense(0, 2).loss(Losses.squaredError()).build();
    assertEquals(0, network.owner(1));
    assertEquals(0, network.parameterCount(1));
    List<Parameters> weights =
        List.of(Parameters.zeros(network.parameters(0)), Parameters.zeros(List.of()));
    weights.get(0).get("weights").assign(Data.floats(new float[][] {{1, 2, 3}, {4, 5, 6}}));
    INDArray y = network.output(weights, Data.floats(new float[][] {{1, 0}}));
    Data.assertClose(new double[] {14, 32}, y, 0);
  }

  @Test
  void aTieNeedsAnEarlierLayerWithAMatrixThatFits() {
    assertRefused(
        Sequential.input(2).activation(Activation.RELU).tiedDense(0, 2),
        "needs 'weights' of shape [2, 2] in layer 0, which has []");
    assertRefused(Sequential.input(2).dense(3).tiedDense(0, 4), "'weights' of [2, 3]");
    assertRefused(Sequential.input(2).tiedDense(0, 2), "tie it to one before it");
    assertRefused(
        Sequential.input(2).dense(3).tiedDense(0, 2).tiedDense(1, 3),
        "Layer 2 is tied to layer 1, which has no weights of its own, for it is tied too");
  }

  /** Learns a number of its own, or shares that of an earlier layer; tokens make no sense to it. */
  private record Own(OptionalInt tiedTo, boolean learns, Optional<Long> tokenIds) implements Layer {
    @Override
    public Shape outputShape(Shape input) {
      return input;
    }

    @Override
    public List<ParameterSpec> parameters(Shape input) {
      ParameterSpec one = new ParameterSpec("one", List.of(1L), Initializer.zeros());
      return learns ? List.of(one) : List.of();
    }

    @Override
    public long flops(Shape input) {
      return 0;
    }

    @Override
    public Forward forward(INDArray input, Parameters parameters, Pass pass) {
      return new Forward(input, new Weightless(gradient -> gradient));
    }
  }

  private static Own tied(int layer, boolean learns) {
    return new Own(OptionalInt.of(layer), learns, Optional.empty());
  }

  private static Own taking(Optional<Long> tokenIds) {
    return new Own(OptionalInt.empty(), true, tokenIds);
  }

  @Test
  void aLayerOfAUsersOwnIsTiedToAnEarlierOneThatLearns() {
    Sequential network =
        Sequential.input(2)
            .layer(taking(Optional.empty()))
            .layer(tied(0, false))
            .loss(Losses.squaredError())
            .build();
    assertEquals(0, network.owner(1));
    assertRefused(
        Sequential.input(2).layer(taking(Optional.empty())).layer(tied(1, false)),
        "tie it to one before it");
    assertRefused(
        Sequential.input(2).layer(taking(Optional.empty())).layer(tied(-1, false)),
        "tied to layer -1");
    assertRefused(
        Sequential.input(2).layer(taking(Optional.empty())).layer(tied(0, true)),
        "It learns [one] and is tied to layer 0 too");
    assertThrows(IllegalArgumentException.class, () -> new Chain(List.of(tied(0, false))));
  }

  @Test
  void aLayerOfAUsersOwnTakesTokenIds() {
    NetworkBuilder ids =
        Sequential.input(2).flatten().layer(new Chain(List.of(taking(Optional.of(5L)))));
    assertEquals(Optional.of(5L), ids.loss(Losses.squaredError()).build().vocabulary());
    NetworkBuilder numbers = Sequential.input(2).layer(taking(Optional.empty()));
    assertEquals(Optional.empty(), numbers.loss(Losses.squaredError()).build().vocabulary());
    assertRefused(
        Sequential.input(2).dropout(0.5).layer(taking(Optional.of(5L))),
        "would make other token ids");
  }

  private static void assertRefused(NetworkBuilder builder, String why) {
    builder.loss(Losses.squaredError());
    String message = assertThrows(ShapeException.class, builder::build).getMessage();
    assertTrue(message.contains(why), message);
  }
}
