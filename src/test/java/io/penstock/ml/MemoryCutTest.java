package io.penstock.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.Bytes;
import io.penstock.balance.Cut;
import io.penstock.balance.CutConstraints;
import io.penstock.balance.RecomputePolicy;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.generate.Schedules;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MemoryCutTest {
  private static final int ROWS = 2;
  private static final Sequential NETWORK = Sequential.perceptron(64, 64, 64, 64, 64);
  private static final Schedule SCHEDULE = Schedules.generate("1f1b", 2, 4);

  /** Numbers of a layer of weights; with Adam there are two more of each. */
  private static final long WEIGHTS = 64 * 64 + 64;

  private static MemoryCut cut(boolean mayLetGradientsGo) {
    return new MemoryCut(
        NETWORK,
        ROWS,
        Updater.adam(0.1),
        RecomputePolicy.NEVER,
        false,
        SCHEDULE,
        1,
        mayLetGradientsGo);
  }

  private static Cut best(boolean mayLetGradientsGo, long bytes) {
    return cut(mayLetGradientsGo).within(Optional.empty(), bytes).cut();
  }

  private static Cut checked(boolean mayLetGradientsGo, Cut own, long bytes) {
    return cut(mayLetGradientsGo).within(Optional.of(own), bytes).cut();
  }

  /** Bytes of an executor that has two layers of weights and so many gradients besides. */
  private static long bytes(int gradients) {
    long activations = 4 * ROWS * (64 + 2 * 4 * 64);
    return Float.BYTES * (2 * 3 * WEIGHTS + gradients * WEIGHTS + activations);
  }

  @Test
  void gradientsAreLetGoWhereTheyAreTooMany() {
    Cut even = best(false, CutConstraints.UNLIMITED);
    assertEquals(even, best(false, bytes(2)));
    assertEquals(even, best(true, bytes(1)));
    assertEquals(even, checked(true, even, bytes(1)));
  }

  @Test
  void theyStayWhereTheyMust() {
    Cut even = best(false, CutConstraints.UNLIMITED);
    assertThrows(IllegalArgumentException.class, () -> best(false, bytes(1)));
    assertThrows(IllegalArgumentException.class, () -> checked(false, even, bytes(1)));
  }

  @Test
  void tooLittleMemoryIsToldWithWhatWouldDo() {
    String told =
        assertThrows(IllegalArgumentException.class, () -> best(true, bytes(0))).getMessage();
    // What is told first is of all gradients; of one of them, the limit is what it leaves.
    assertTrue(told.startsWith("no cut of 7 layers into 2 stages"), told);
    assertTrue(told.contains("within " + new Bytes(bytes(0)).down()), told);
    long one = Float.BYTES * WEIGHTS;
    assertTrue(told.contains("of " + new Bytes(one).up() + " at most"), told);
    assertTrue(told.contains("within " + new Bytes(bytes(0) - one).down()), told);
  }

  @Test
  void whatIsNotForWantOfMemoryIsToldOnce() {
    Cut other = new Cut(List.of(0, 2, 4), 7);
    String told =
        assertThrows(IllegalArgumentException.class, () -> checked(true, other, bytes(1)))
            .getMessage();
    assertTrue(told.contains("makes 3 stages, but 2 are wanted"), told);
    assertFalse(told.contains("gradients"), told);
  }

  @Test
  void replicasThatShareTheOptimizersStateNeedLess() {
    Cut even = best(false, CutConstraints.UNLIMITED);
    long less = bytes(2) - Float.BYTES * 2 * WEIGHTS; // half of Adam's two numbers for a weight
    assertThrows(IllegalArgumentException.class, () -> best(false, less));
    MemoryCut sharing =
        new MemoryCut(
            NETWORK, ROWS, Updater.adam(0.1), RecomputePolicy.NEVER, false, SCHEDULE, 2, false);
    assertEquals(even, sharing.within(Optional.empty(), less).cut());
  }
}
