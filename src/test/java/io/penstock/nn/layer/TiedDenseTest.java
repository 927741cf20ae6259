package io.penstock.nn.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.penstock.nn.Data;
import io.penstock.nn.Forward;
import io.penstock.nn.Parameters;
import io.penstock.nn.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class TiedDenseTest {
  private static final Shape WIDE = Shape.of(16);

  /** Its twin is a dense layer with the transposed matrix, which is held to central differences. */
  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void isADenseLayerWithTheTransposedMatrix(DataType type) {
    Parameters owner = Parameters.initial(Dense.of(16).parameters(Shape.of(8)), 1, 0, type);
    Dense twin = new Dense(8, false, 1);
    Parameters transposed = Parameters.zeros(twin.parameters(WIDE), type);
    transposed.get("weights").assign(owner.get("weights").transpose());
    INDArray x = Data.random(1, type, 5, 16);
    INDArray g = Data.random(2, type, 5, 8);
    Forward tied = new TiedDense(0, 8, true).forward(x, owner, Data.TRAINING);
    Forward dense = twin.forward(x, transposed, Data.TRAINING);
    double tolerance = type == DataType.FLOAT ? 1e-5 : 1e-12;
    Data.assertClose(Data.values(dense.output()), tied.output(), tolerance);
    Data.assertClose(
        Data.values(dense.backward().inputGradient(g)),
        tied.backward().inputGradient(g),
        tolerance);
    Parameters ofTied = Parameters.zeros(owner.specs(), type);
    Parameters ofDense = Parameters.zeros(transposed.specs(), type);
    tied.backward().weightGradient(g, ofTied);
    dense.backward().weightGradient(g, ofDense);
    Data.assertClose(
        Data.values(ofDense.get("weights").transpose()), ofTied.get("weights"), tolerance);
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void behindAnEmbeddingItIsADenseLayerWithTheSameMatrix(DataType type) {
    Parameters owner = Parameters.initial(new Embedding(24, 8).parameters(Shape.of(3)), 1, 0, type);
    Dense twin = new Dense(24, false, 1);
    Parameters same = Parameters.zeros(twin.parameters(Shape.of(3, 8)), type);
    same.get("weights").assign(owner.get("weights"));
    INDArray x = Data.random(1, type, 2, 3, 8);
    INDArray g = Data.random(2, type, 2, 3, 24);
    Forward tied = new TiedDense(0, 24, false).forward(x, owner, Data.TRAINING);
    Forward dense = twin.forward(x, same, Data.TRAINING);
    Data.assertClose(Data.values(dense.output()), tied.output(), 0);
    Data.assertClose(
        Data.values(dense.backward().inputGradient(g)), tied.backward().inputGradient(g), 0);
    Parameters ofTied = Parameters.zeros(owner.specs(), type);
    Parameters ofDense = Parameters.zeros(same.specs(), type);
    tied.backward().weightGradient(g, ofTied);
    dense.backward().weightGradient(g, ofDense);
    Data.assertClose(Data.values(ofDense.get("weights")), ofTied.get("weights"), 0);
  }

  @Test
  void rowsOfSeveralDimensionsAreMultipliedAtTheLast() {
    Parameters owner = Parameters.initial(Dense.of(16).parameters(Shape.of(8)), 1, 0);
    INDArray x = Data.random(1, DataType.FLOAT, 2, 3, 16);
    TiedDense tied = new TiedDense(0, 8, true);
    INDArray flat = tied.forward(x.reshape('c', 6, 16), owner, Data.TRAINING).output();
    INDArray y = tied.forward(x, owner, Data.TRAINING).output();
    Data.assertClose(Data.values(flat), y.reshape('c', 6, 8), 0);
    assertEquals(List.of(3L, 8L), tied.outputShape(Shape.of(3, 16)).dims());
  }

  @Test
  void numbersMustMakeSense() {
    assertThrows(IllegalArgumentException.class, () -> new TiedDense(-1, 8, true));
    assertThrows(IllegalArgumentException.class, () -> new TiedDense(0, 0, true));
  }
}
