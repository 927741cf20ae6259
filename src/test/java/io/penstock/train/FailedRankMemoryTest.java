package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.array.NativeHeap;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.generate.Schedules;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A rank that fails frees its memory as one that succeeds does, before any garbage collection. */
@Timeout(180)
class FailedRankMemoryTest {
  private static final int WIDTH = 1024;
  private static final int ROWS = 64;

  /**
   * Bytes of the widest layer's weights, of which a run that stays where it is holds four times.
   */
  private static final long WEIGHTS = (long) WIDTH * WIDTH * Float.BYTES;

  private static LocalPipeline pipeline(boolean sockets) {
    Sequential network = Sequential.perceptron(WIDTH, WIDTH, WIDTH, 2);
    INDArray labels = Nd4j.zeros(ROWS, 1);
    LocalPipeline local = new LocalPipeline(network, Nd4j.ones(ROWS, WIDTH), labels);
    return sockets ? local.overSockets() : local;
  }

  private static TrainingPlan plan(double rate) {
    Schedule schedule = Schedules.generate("1f1b", 2, 4);
    return new TrainingPlan(
        "",
        Updater.sgd(rate).toJson(),
        List.of(0, 2),
        TrainingPlan.lowerAndVerify(schedule),
        ROWS,
        3,
        7);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void numbersThatGoBadLeaveNoMemory(boolean sockets) throws Exception {
    LocalPipeline pipeline = pipeline(sockets);
    pipeline.run(plan(1e-6));
    long before = NativeHeap.bytes();
    ExecutionException failed =
        assertThrows(ExecutionException.class, () -> pipeline.run(plan(1e30)));
    assertInstanceOf(DivergedException.class, failed.getCause());
    assertSmall(NativeHeap.bytes() - before);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aRunThatSomebodyEndsLeavesNoMemory(boolean sockets) throws Exception {
    LocalPipeline pipeline = pipeline(sockets);
    pipeline.run(plan(1e-6));
    long before = NativeHeap.bytes();
    Progress ending =
        report -> {
          throw new IllegalStateException("ended");
        };
    assertThrows(
        ExecutionException.class,
        () -> pipeline.run(plan(1e-6), Optional.empty(), InitialWeights.BORN, ending));
    assertSmall(NativeHeap.bytes() - before);
  }

  private static void assertSmall(long left) {
    assertTrue(left < 2 * WEIGHTS, left + " bytes are left, and one layer has " + WEIGHTS);
  }
}
