package io.penstock.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.generate.Schedules;
import org.junit.jupiter.api.Test;

class GuessTest {
  private static final Updater ADAM = Updater.adam(1e-3);

  private static Payoff payoff(int batchSize, boolean local, int... layers) {
    Sequential network = Sequential.perceptron(layers);
    Profile profile = Profile.guessed(network, ADAM, local);
    Schedule schedule = Schedules.generate("1f1b", 2, 4);
    Cut cut = Partitioner.partition(profile.costs(batchSize, 4), CutConstraints.of(schedule));
    return Payoff.of(profile, schedule, cut, batchSize, 4);
  }

  @Test
  void twoProcessesDoNotPayForASmallPerceptronAndDoForALargeOne() {
    Payoff small = payoff(128, false, 784, 256, 128, 100, 10);
    assertFalse(small.pays(), small::toString);
    assertTrue(small.leastWidth().getAsDouble() > 1, small::toString);
    Payoff large = payoff(512, false, 784, 1024, 1024, 1024, 1024, 10);
    assertTrue(large.pays(), large::toString);
    assertTrue(large.factor().getAsDouble() > 1.4, large::toString);
  }

  @Test
  void threadsOfOneProcessHandOverForLess() {
    Payoff near = payoff(128, true, 784, 256, 128, 100, 10);
    Payoff far = payoff(128, false, 784, 256, 128, 100, 10);
    assertTrue(near.handOverSeconds() < far.handOverSeconds());
    assertEquals(near.oneSeconds(), far.oneSeconds());
    assertTrue(near.seconds() < far.seconds());
  }

  @Test
  void timesAreOfTheOperations() {
    Sequential network = Sequential.perceptron(784, 256, 10);
    LayerCosts few = Profile.guessed(network, ADAM, false).costs(100, 1);
    LayerCosts more = Profile.guessed(network, ADAM, false).costs(200, 1);
    double row = LayerCosts.flops(network)[0] / Guess.OPERATIONS_PER_SECOND;
    double forward = few.layers().get(0).forward();
    assertEquals(100 * row, more.layers().get(0).forward() - forward, 1e-9);
    assertTrue(forward > 100 * row, "calls take time too");
    assertEquals(0, few.layers().get(0).inputGradient(), "of the first layer nobody needs it");
  }
}
