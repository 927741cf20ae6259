package io.penstock.compute;

import io.penstock.array.NativeArrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Every kind of compute with every type of numbers that it takes here, for contract tests. */
final class KindsUnderTest {
  private KindsUnderTest() {}

  /** A kind opened and a type: what contract tests take as arguments. */
  static Stream<Arguments> all() {
    return Kinds.all().stream()
        .flatMap(
            kind ->
                Stream.of(DataType.FLOAT, DataType.DOUBLE)
                    .filter(kind::takes)
                    .map(type -> Arguments.of(kind.id(), kind.open(), type)));
  }

  /** Numbers of about 1 in size, the same for a seed. */
  static INDArray random(DataType type, char order, long seed, long... shape) {
    INDArray array = NativeArrays.array(type, order, shape);
    Random random = new Random(seed);
    for (long i = 0; i < array.length(); i++) {
      array.data().put(i, random.nextGaussian());
    }
    return array;
  }

  /** How far a sum of so many products may be off. */
  static double tolerance(DataType type, long terms) {
    return (type == DataType.FLOAT ? 2e-6 : 1e-13) * (4 + terms);
  }
}
