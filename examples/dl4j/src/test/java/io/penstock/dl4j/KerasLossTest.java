package io.penstock.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.nn.Loss;
import io.penstock.nn.loss.Losses;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KerasLossTest {
  @TempDir Path folder;

  @Test
  void lossMustFitTheEnd() throws Exception {
    String logits =
        "{'class_name': 'SparseCategoricalCrossentropy', 'config': {'from_logits': true}}";
    assertTrue(refused(perceptron("softmax", logits)).contains("from logits"));
    assertTrue(refused(perceptron("linear", "'categorical_crossentropy'")).contains("softmax"));
    assertTrue(refused(perceptron("linear", "'hinge'")).contains("'hinge'"));
    assertEquals(
        Losses.softmaxCrossEntropy(),
        KerasNetworks.read(perceptron("linear", logits)).network().loss());
    Loss other = Losses.squaredError();
    assertEquals(other, KerasNetworks.read(perceptron("tanh", "'hinge'"), other).network().loss());
  }

  private Path perceptron(String activation, String loss) {
    return new KerasFile()
        .input(4)
        .dense("dense", 3, activation, KerasFile.numbers(4, 3), KerasFile.numbers(3))
        .compiled(loss)
        .write(folder.resolve("perceptron.h5"));
  }

  private static String refused(Path file) {
    return assertThrows(IllegalArgumentException.class, () -> KerasNetworks.read(file))
        .getMessage();
  }
}
