package io.penstock.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.nn.Updater;
import java.util.Collections;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class NativeMemoryTest {
  private static final long MIB = 1 << 20;

  /** Mini-batches of 30 rows in 4 micro-batches: 8 rows at most. */
  private static final long ROWS = 8;

  @Test
  void neededIsTheLargestStage() {
    // dense 8×6, relu: 54 parameters and gradients; two outputs of 6 with gradients; input of 8.
    long second = 2 * 54 + 3 * ROWS * (2 * (6 + 6) + 8);
    // dense 4×8, relu: larger by its outputs.
    long first = 2 * 40 + 3 * ROWS * (2 * (8 + 8) + 4);
    assertEquals(4 * Math.max(first, second), needed(3, Updater.sgd(0.1), 3));
  }

  @Test
  void oneStageHoldsEverything() {
    long parameters = 40 + 54 + 21;
    long activations = ROWS * (4 + 2 * (8 + 8 + 6 + 6 + 3));
    assertEquals(4 * (2 * parameters + activations), needed(1, Updater.sgd(0.1), 1));
  }

  @Test
  void adamKeepsTwoMoreNumbersForAParameter() {
    long parameters = 40 + 54 + 21;
    assertEquals(
        2 * 4 * parameters,
        needed(1, Updater.adam(0.1), 1) - needed(1, Updater.sgd(0.1), 1));
  }

  @Test
  void theOverheadIsAvailableWhereItIsSet() {
    SparkConf conf = new SparkConf(false).set("spark.master", "spark://here:7077");
    assertEquals(1024 * MIB, NativeMemory.available(conf));
    conf.set("spark.executor.memory", "2g");
    assertEquals(2048 * MIB, NativeMemory.available(conf));
    conf.set("spark.executor.memoryOverhead", "300");
    assertEquals(300 * MIB, NativeMemory.available(conf));
    conf.set("spark.executor.memoryOverhead", "3g");
    assertEquals(3072 * MIB, NativeMemory.available(conf));
  }

  @Test
  void threadsOfTheDriverHaveWhatTheDriverHas() {
    SparkConf conf =
        new SparkConf(false)
            .set("spark.master", "local[3]")
            .set("spark.executor.memoryOverhead", "1m");
    assertEquals(Runtime.getRuntime().maxMemory(), NativeMemory.available(conf));
  }

  @Test
  void localClusterIsNotLocal() {
    assertTrue(NativeMemory.isLocal(new SparkConf(false).set("spark.master", "local")));
    assertTrue(NativeMemory.isLocal(new SparkConf(false).set("spark.master", "local[*]")));
    assertFalse(
        NativeMemory.isLocal(new SparkConf(false).set("spark.master", "local-cluster[2,1,1024]")));
  }

  private static long needed(int stages, Updater updater, int inFlight) {
    return NativeMemory.needed(
        SmallRun.plan(stages, 1, updater), Collections.nCopies(stages, inFlight));
  }
}
