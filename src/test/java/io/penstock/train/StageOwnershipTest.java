package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.array.Loan;
import io.penstock.compute.Workspace;
import io.penstock.nn.Forward;
import io.penstock.nn.Layer;
import io.penstock.nn.Parameters;
import io.penstock.nn.Pass;
import io.penstock.nn.Shape;
import io.penstock.nn.Weightless;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Who may read an array of a stage, and when its memory goes back. */
class StageOwnershipTest {
  private static final List<Parameters> NOTHING =
      Collections.nCopies(3, Parameters.zeros(List.of()));

  private final AtomicInteger returned = new AtomicInteger();
  private final Workspace pool = new Workspace();

  /** The second of two layers, of which the first is on another stage. */
  private Stage stage(Layer layer) {
    Sequential network =
        Sequential.input(3).dense(4).layer(layer).loss(Losses.squaredError()).build();
    StageWeights weights = new StageWeights(network, 1, 2, Updater.sgd(0.1), 1);
    return new Stage(network, 1, 2, weights, 1, true, pool);
  }

  private Stage afterForward(Through.Work inputGradient) {
    Stage stage = stage(new Through((x, memory) -> x, inputGradient));
    stage.forward(0, 0, Loan.of(Nd4j.ones(2, 4), back -> {}), Map.of());
    return stage;
  }

  private Loan gradient() {
    return Loan.of(Nd4j.ones(2, 4), back -> returned.incrementAndGet());
  }

  @Test
  void aGradientThatIsHandedThroughGoesBackWhenTheLaterOfBothIsDone() {
    for (boolean stageFirst : new boolean[] {true, false}) {
      returned.set(0);
      Stage stage = afterForward((g, memory) -> g.reshape('c', 2, 4));
      Loan handedOn = stage.inputGradient(0, gradient(), Map.of());
      if (stageFirst) {
        stage.weightGradient(0);
      } else {
        handedOn.close();
      }
      assertEquals(0, returned.get(), "one of both still reads it");
      if (stageFirst) {
        handedOn.close();
      } else {
        stage.weightGradient(0);
      }
      assertEquals(1, returned.get());
    }
  }

  @Test
  void aGradientThatIsHandedThroughIsNotCopied() {
    Stage stage = afterForward((g, memory) -> g);
    Loan gradient = gradient();
    INDArray array = gradient.array();
    assertSame(array, stage.inputGradient(0, gradient, Map.of()).array());
  }

  @Test
  void aGradientInTheStagesMemoryIsNotCopied() {
    AtomicReference<INDArray> made = new AtomicReference<>();
    Stage stage =
        afterForward(
            (g, memory) -> {
              made.set(memory.copy(g));
              return made.get();
            });
    Loan loan = stage.inputGradient(0, gradient(), Map.of());
    assertSame(made.get(), loan.array());
    stage.weightGradient(0);
    assertEquals(8, loan.array().sumNumber().intValue());
    assertNotSame(made.get(), pool.arena().like(made.get()));
    loan.close();
    assertSame(made.get(), pool.arena().like(made.get()));
  }

  @Test
  void aGradientFromElsewhereIsCopiedForItsLayerMayUseItAgain() {
    AtomicReference<INDArray> made = new AtomicReference<>();
    Stage stage =
        afterForward(
            (g, memory) -> {
              made.set(g.mul(2));
              return made.get();
            });
    Loan loan = stage.inputGradient(0, gradient(), Map.of());
    assertNotSame(made.get(), loan.array());
    made.get().assign(7);
    assertEquals(2 * 8, loan.array().sumNumber().intValue());
    stage.weightGradient(0);
    assertEquals(2 * 8, loan.array().sumNumber().intValue());
    loan.close();
  }

  /** Adds where the other layer's array lies. */
  private record Writing() implements Layer {
    @Override
    public Shape outputShape(Shape input) {
      return input;
    }

    @Override
    public Optional<String> adds() {
      return Optional.of("a");
    }

    @Override
    public long flops(Shape input) {
      return 0;
    }

    @Override
    public Forward forward(INDArray input, Parameters parameters, Pass pass) {
      return new Forward(input, new Weightless(gradient -> gradient));
    }

    @Override
    public Forward forward(INDArray input, INDArray saved, Parameters parameters, Pass pass) {
      return new Forward(saved.addi(pass.memory().copy(input)), new Weightless(g -> g));
    }
  }

  @Test
  void aLayerThatWritesToWhatItWasGivenIsNamed() {
    Stage forward = stage(new Through((x, memory) -> x.addi(1), (g, memory) -> g));
    Loan input = Loan.of(Nd4j.ones(2, 4), back -> {});
    String message =
        assertThrows(IllegalStateException.class, () -> forward.forward(0, 0, input, Map.of()))
            .getMessage();
    assertTrue(message.startsWith("Layer 1, Through"), message);
    assertTrue(message.contains("wrote to its input in its forward"), message);
    Stage backward = afterForward((g, memory) -> g.muli(2));
    message =
        assertThrows(
                IllegalStateException.class, () -> backward.inputGradient(0, gradient(), Map.of()))
            .getMessage();
    assertTrue(message.contains("its output gradient in its input gradient"), message);
    Sequential joined =
        Sequential.input(3)
            .save("a")
            .activation(Activation.TANH)
            .layer(new Writing())
            .loss(Losses.squaredError())
            .build();
    message =
        assertThrows(IllegalStateException.class, () -> joined.output(NOTHING, Nd4j.ones(2, 3)))
            .getMessage();
    assertTrue(message.startsWith("Layer 2, Writing"), message);
    assertTrue(message.contains("wrote to what it adds in its forward"), message);
  }
}
