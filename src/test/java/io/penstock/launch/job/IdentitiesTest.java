package io.penstock.launch.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.checkpoint.RunIdentity;
import io.penstock.compute.ComputePrecision;
import io.penstock.train.TrainingPlan;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class IdentitiesTest {
  private static RunIdentity of(TrainingPlan plan) {
    return Identities.of(plan, Optional.empty());
  }

  @Test
  void theCutIsNoPartOfARun() {
    assertEquals(of(SmallRun.plan(1)), of(SmallRun.plan(2)));
  }

  @ParameterizedTest
  @EnumSource(ComputePrecision.class)
  void productsOfAnotherPrecisionMakeAnotherRun(ComputePrecision precision) {
    RunIdentity saved = of(SmallRun.plan(2));
    RunIdentity run = of(SmallRun.plan(1).withComputePrecision(precision));
    Optional<String> difference = saved.difference(run);
    assertEquals(precision == ComputePrecision.FLOAT32, difference.isEmpty());
    difference.ifPresent(
        words ->
            assertTrue(
                words.equals(
                    "computePrecision: the checkpoint's is float32, this run's " + precision.id()),
                words));
  }
}
