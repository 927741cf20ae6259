package io.penstock.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.nn.layer.Dense;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WeightInitTest {
  @Test
  void theVarianceIsThatOfTheName() {
    Map<WeightInit, Double> variances =
        Map.of(
            WeightInit.XAVIER, 2.0 / 40,
            WeightInit.XAVIER_UNIFORM, 2.0 / 40,
            WeightInit.RELU, 2.0 / 10,
            WeightInit.RELU_UNIFORM, 2.0 / 10,
            WeightInit.LECUN_NORMAL, 1.0 / 10,
            WeightInit.LECUN_UNIFORM, 1.0 / 10,
            WeightInit.NORMAL, 1.0 / 10,
            WeightInit.UNIFORM, 1.0 / 30);
    variances.forEach(
        (init, variance) -> {
          double sum = 0;
          for (int i = 0; i < 100_000; i++) {
            double x = init.of(10, 30).value(RandomKey.of(4), i);
            sum += x * x;
          }
          assertEquals(variance, sum / 100_000, 0.02 * variance, init.name());
        });
    assertEquals(Initializer.zeros(), WeightInit.ZEROS.of(3, 4));
    assertEquals(Initializer.constant(1), WeightInit.ONES.of(3, 4));
  }

  @Test
  void theIdentityIsSquare() {
    assertEquals(Initializer.identity(4), WeightInit.IDENTITY.of(4, 4));
    Dense square = Dense.of(4).initialized(WeightInit.IDENTITY);
    assertEquals(Shape.of(4), square.outputShape(Shape.of(4)));
    String message =
        assertThrows(ShapeException.class, () -> square.outputShape(Shape.of(5))).getMessage();
    assertTrue(message.contains("5 inputs and 4 outputs"), message);
  }

  @Test
  void namesAreFoundInEitherCase() {
    assertSame(WeightInit.RELU_UNIFORM, WeightInit.named("relu_uniform"));
    assertSame(WeightInit.XAVIER, WeightInit.named("XAVIER"));
    String message =
        assertThrows(IllegalArgumentException.class, () -> WeightInit.named("he")).getMessage();
    assertTrue(message.contains("'he'") && message.contains("relu"), message);
  }
}
