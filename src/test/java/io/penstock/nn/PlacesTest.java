package io.penstock.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.nn.layer.Activation;
import io.penstock.nn.layer.ActivationLayer;
import io.penstock.nn.layer.Chain;
import io.penstock.nn.layer.Dense;
import io.penstock.nn.layer.Dropout;
import io.penstock.nn.layer.Embedding;
import io.penstock.nn.layer.Flatten;
import io.penstock.nn.layer.LastStep;
import io.penstock.nn.layer.LayerNorm;
import io.penstock.nn.layer.Positions;
import io.penstock.nn.layer.Residual;
import io.penstock.nn.layer.SelfAttention;
import io.penstock.nn.layer.TransformerBlock;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.NetworkBuilder;
import io.penstock.nn.network.Sequential;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class PlacesTest {
  /** Padding at the end, at the beginning, in the middle, nowhere and everywhere. */
  private static final double[][] IDS = {
    {3, 1, -1, -1}, {-1, -1, 2, 1}, {4, -1, -1, 2}, {1, 2, 3, 4}, {-1, -1, -1, -1}
  };

  private static final Places PLACES = Places.of(Data.doubles(IDS));
  private static final Shape SHAPE = Shape.of(4, 6);

  static Stream<Layer> askingLayers() {
    return Stream.of(
        new SelfAttention(2, false),
        new TransformerBlock(3, 8, false, 0),
        new Residual(List.of(LayerNorm.usual(), new SelfAttention(1, false))),
        new LastStep());
  }

  @Test
  void negativeIdsArePadding() {
    for (int row = 0; row < IDS.length; row++) {
      for (int place = 0; place < 4; place++) {
        assertEquals(IDS[row][place] < 0, PLACES.isPadding(row, place));
      }
    }
    assertFalse(PLACES.isPadded(3));
    assertTrue(PLACES.isPadded(1));
    assertFalse(PLACES.isPadded(4), "there is nothing beside it");
    assertArrayEquals(
        new long[] {1, 3, 3, 3, 3},
        Stream.of(0, 1, 2, 3, 4).mapToLong(row -> PLACES.last(row, 4)).toArray());
    assertSame(Places.ALL, Places.of(Data.doubles(new double[][] {{0, 1}})));
    assertSame(Places.ALL, PLACES.in(Nd4j.zeros(5, 3, 6)));
    assertSame(PLACES, PLACES.in(Nd4j.zeros(5, 4, 6)));
    assertEquals(3, Places.ALL.last(0, 4));
  }

  @ParameterizedTest
  @MethodSource("askingLayers")
  void gradientsWithPaddingAgreeWithCentralDifferences(Layer layer) {
    Gradients.check(layer, SHAPE, IDS.length, Data.TRAINING.over(PLACES));
  }

  @ParameterizedTest
  @MethodSource("askingLayers")
  void whatStandsAtPaddingIsNeverSeen(Layer layer) {
    assertTrue(layer.readsPlaces());
    for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE)) {
      Parameters p = Parameters.initial(layer.parameters(SHAPE), 5, 0, type);
      INDArray x = Data.random(1, type, SHAPE.withRows(IDS.length));
      INDArray other = x.dup();
      for (int row = 0; row < IDS.length - 1; row++) {
        for (int place = 0; place < 4; place++) {
          for (int i = 0; IDS[row][place] < 0 && i < 6; i++) {
            other.putScalar(new int[] {row, place, i}, 100 * (i + 1));
          }
        }
      }
      Pass pass = Data.TRAINING.over(PLACES);
      double[] one = seen(layer.forward(x, p, pass).output());
      double[] two = seen(layer.forward(other, p, pass).output());
      assertArrayEquals(one, two, 0, layer + " " + type);
      double[] blind = seen(layer.forward(other, p, Data.TRAINING).output());
      assertFalse(Arrays.equals(one, blind), layer + " would not have seen it anyway");
    }
  }

  /** The outputs of places that are none, and of rows that have no places left. */
  private static double[] seen(INDArray output) {
    double[] values = Data.values(output);
    int width = (int) (output.rank() == 3 ? output.size(2) : output.size(1));
    int places = output.rank() == 3 ? 4 : 1;
    for (int i = 0; i < values.length; i++) {
      int place = i / width;
      int row = place / places;
      if (row == IDS.length - 1 || (places > 1 && IDS[row][place % places] < 0)) {
        values[i] = 0;
      }
    }
    return values;
  }

  @Test
  void rowsWithoutPaddingAreNotTouchedByOthers() {
    SelfAttention layer = new SelfAttention(2, false);
    Parameters p = Parameters.initial(layer.parameters(SHAPE), 5, 0);
    INDArray x = Data.random(1, DataType.FLOAT, SHAPE.withRows(IDS.length));
    INDArray with = layer.forward(x, p, Data.TRAINING.over(PLACES)).output();
    INDArray without = layer.forward(x, p, Data.TRAINING).output();
    Data.assertSameBits(without.slice(3), with.slice(3), "the row without padding");
  }

  @Test
  void aNetworkSaysWhichOfItsLayersAsk() {
    Sequential network =
        Sequential.input(4)
            .save("ids")
            .layer(new Chain(List.of(new Embedding(5, 6), new Positions(4))))
            .transformerBlock(2, 8, true, 0)
            .transformerBlock(2, 8, false, 0)
            .lastStep()
            .dense(4)
            .addSaved("ids")
            .loss(Losses.squaredError())
            .build();
    assertTrue(network.asksPlaces(0, 7));
    assertFalse(network.asksPlaces(0, 3));
    assertTrue(network.asksPlaces(3, 4));
    assertFalse(network.asksPlaces(5, 7));
    INDArray ids = Data.doubles(IDS).castTo(DataType.FLOAT);
    assertEquals(PLACES, network.places(ids));
    Sequential numbers = Sequential.input(4, 6).lastStep().loss(Losses.squaredError()).build();
    assertFalse(numbers.asksPlaces(0, 1));
    assertSame(Places.ALL, numbers.places(Nd4j.ones(2, 4, 6).muli(-1)));
  }

  static Stream<NetworkBuilder> beginnings() {
    return Stream.of(
        Sequential.input(4),
        Sequential.input(4).flatten(),
        Sequential.input(2, 2).flatten(),
        Sequential.input(4).dropout(0),
        Sequential.input(4).activation(Activation.IDENTITY),
        Sequential.input(4).save("a").save("b").flatten(),
        Sequential.input(4).layer(new Chain(List.of(new Flatten(), new Dropout(0)))));
  }

  @ParameterizedTest
  @MethodSource("beginnings")
  void paddingIsKnownBehindLayersThatHandIdsOn(NetworkBuilder beginning) {
    boolean saves = beginning.size() > 2;
    beginning.embedding(11, 8).selfAttention(2, false).lastStep().dense(4);
    if (saves) {
      beginning.addSaved("a").addSaved("b");
    }
    Sequential network = beginning.loss(Losses.squaredError()).build();
    List<Layer> layers = network.layers();
    List<Parameters> parameters =
        IntStream.range(0, layers.size())
            .mapToObj(i -> Parameters.initial(network.parameters(i), 5, i, DataType.DOUBLE))
            .toList();
    INDArray one = network.output(parameters, Data.doubles(new double[][] {{3, 5, -1, -1}}));
    Sequential plain =
        Sequential.input(4)
            .embedding(11, 8)
            .selfAttention(2, false)
            .lastStep()
            .dense(4)
            .loss(Losses.squaredError())
            .build();
    int embedding = layers.indexOf(new Embedding(11, 8));
    INDArray alone =
        plain.output(
            parameters.subList(embedding, embedding + 4), Data.doubles(new double[][] {{3, 5}}));
    if (saves) {
      alone.addi(Data.doubles(new double[][] {{6, 10, -2, -2}}));
    }
    assertArrayEquals(Data.values(alone), Data.values(one), 1e-12);
    assertTrue(network.asksPlaces(0, layers.size()));
  }

  @Test
  void layersThatMakeOtherNumbersOfIdsHandNoneOn() {
    for (Layer layer :
        List.of(
            new ActivationLayer(Activation.RELU),
            new Dropout(0.5),
            new Chain(List.of(new Flatten(), new Dropout(0.5))),
            new Residual(List.of(new Flatten())),
            Dense.of(4))) {
      assertFalse(layer.handsOn(), layer.toString());
    }
    for (NetworkBuilder dropping :
        List.of(
            Sequential.input(4).dropout(0.1),
            Sequential.input(4).layer(new Chain(List.of(new Flatten(), new Dropout(0.1)))))) {
      NetworkBuilder ended = dropping.embedding(11, 8).lastStep().loss(Losses.squaredError());
      String message = assertThrows(ShapeException.class, ended::build).getMessage();
      assertTrue(message.contains("Dropout[probability=0.1] before Embedding"), message);
    }
    Sequential.input(4).dropout(0.1).dense(3).loss(Losses.squaredError()).build();
  }

  @Test
  void aNetworksOutputIsThatOfEachRowWithoutItsPadding() {
    Sequential network =
        Sequential.input(4)
            .embedding(5, 6)
            .positions(4)
            .transformerBlock(2, 8, false, 0)
            .lstm(5)
            .selfAttention(1, false)
            .lastStep()
            .dense(2)
            .loss(Losses.softmaxCrossEntropy())
            .build();
    List<Parameters> parameters =
        Stream.iterate(0, i -> i + 1)
            .limit(7)
            .map(i -> Parameters.initial(network.parameters(i), 3, i, DataType.DOUBLE))
            .toList();
    double[][] trailing = {{3, 1, -1, -1}, {2, -1, -1, -1}, {4, 4, 0, -1}, {1, 2, 3, 4}};
    INDArray together = network.output(parameters, Data.doubles(trailing));
    for (int row = 0; row < 4; row++) {
      double[] own = Arrays.stream(trailing[row]).filter(id -> id >= 0).toArray();
      INDArray alone = network.output(parameters, Data.doubles(new double[][] {own}));
      assertArrayEquals(Data.values(alone), Data.values(together.getRow(row)), 1e-12, "row " + row);
    }
  }
}
