package io.penstock.launch.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.launch.SparkVersion;
import io.penstock.launch.cluster.ExecutorMemory.Counted;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.resource.ResourceProfile$;
import org.junit.jupiter.api.Test;
import scala.Option;

class ExecutorMemoryTest {
  private static final long MIB = 1 << 20;
  private static final String KUBERNETES = "k8s://https://127.0.0.1:6443";
  private static final long LEAST = 384;

  private static SparkConf conf(String master) {
    return new SparkConf(false).set("spark.master", master);
  }

  private static long beside(SparkConf conf) {
    return ExecutorMemory.of(conf).besideBytes() / MIB;
  }

  @Test
  void aContainerHasWhatSparkAsksFor() throws Exception {
    for (String master : List.of("yarn", KUBERNETES)) {
      for (long heap : List.of(512, 1024, 3839, 3840, 3841, 10_000, 100_001)) {
        for (double factor : List.of(0.1, 0.15, 0.4)) {
          SparkConf conf =
              conf(master)
                  .set("spark.executor.memory", heap + "m")
                  .set("spark.executor.memoryOverheadFactor", Double.toString(factor));
          assertEquals(sparks(Option.empty(), heap, factor), beside(conf), heap + ", " + factor);
          conf.set("spark.executor.memoryOverhead", "700m");
          assertEquals(sparks(Option.apply(700L), heap, factor), beside(conf));
          assertEquals(Counted.BY_CONTAINER, ExecutorMemory.of(conf).counted());
          assertEquals(heap * MIB, ExecutorMemory.of(conf).heapBytes());
        }
      }
    }
  }

  /** What Spark computes itself; since 4.0 with the least that a setting names. */
  private static long sparks(Option<Long> set, long heap, double factor) throws Exception {
    Method method =
        Arrays.stream(ResourceProfile$.class.getMethods())
            .filter(each -> each.getName().equals("calculateOverHeadMemory"))
            .findFirst()
            .orElseThrow();
    Object[] arguments =
        method.getParameterCount() == 3
            ? new Object[] {set, heap, factor}
            : new Object[] {set, LEAST, heap, factor};
    return (long) method.invoke(ResourceProfile$.MODULE$, arguments);
  }

  @Test
  void theLeastOverheadIsASettingSinceSpark4() {
    SparkConf conf = conf("yarn").set("spark.executor.minMemoryOverhead", "500m");
    assertEquals(SparkVersion.isAtLeast(4) ? 500 : LEAST, beside(conf));
  }

  @Test
  void kubernetesHasAFactorOfItsOwnUnlessTheCommonOneIsSet() {
    SparkConf conf = conf(KUBERNETES).set("spark.executor.memory", "10000m");
    conf.set("spark.kubernetes.memoryOverheadFactor", "0.2");
    assertEquals(2000, beside(conf));
    conf.set("spark.executor.memoryOverheadFactor", "0.3");
    assertEquals(3000, beside(conf));
    assertEquals(1000, beside(conf("yarn").set("spark.executor.memory", "10000m")));
  }

  @Test
  void whereNobodyCountsTheOverheadIsAllOfTheArrays() {
    SparkConf conf = conf("spark://here:7077");
    assertEquals(1024 * MIB, ExecutorMemory.of(conf).arrays());
    conf.set("spark.executor.memory", "2g");
    assertEquals(2048 * MIB, ExecutorMemory.of(conf).arrays());
    conf.set("spark.executor.memoryOverhead", "300");
    assertEquals(300 * MIB, ExecutorMemory.of(conf).arrays());
    assertEquals(
        1024 * MIB, ExecutorMemory.of(conf("local-cluster[2,1,1024]")).arrays(), "the heap's size");
  }

  @Test
  void threadsOfTheDriverHaveWhatTheDriverHas() {
    SparkConf conf = conf("local[3]").set("spark.executor.memoryOverhead", "1m");
    assertEquals(Runtime.getRuntime().maxMemory(), ExecutorMemory.of(conf).arrays());
  }

  @Test
  void aContainerLeavesTheJvmItsOwn() {
    ExecutorMemory unset = ExecutorMemory.of(conf("yarn"));
    assertEquals(LEAST * MIB - ExecutorMemory.JVM_BYTES, unset.arrays());
    SparkConf little = conf("yarn").set("spark.executor.memoryOverhead", "100m");
    assertEquals(0, ExecutorMemory.of(little).arrays());
  }

  @Test
  void theSettingThatItAdvisesIsEnough() {
    for (String master : List.of("yarn", KUBERNETES, "spark://here:7077")) {
      SparkConf conf = conf(master);
      String setting = ExecutorMemory.of(conf).setting(2000 * MIB + 1);
      assertTrue(setting.matches("--conf spark.executor.memoryOverhead=\\d+m"), setting);
      conf.set("spark.executor.memoryOverhead", setting.replaceAll(".*=", ""));
      assertEquals(2001 * MIB, ExecutorMemory.of(conf).arrays());
    }
  }

  @Test
  void wordsSayWhereEveryMebibyteGoes() {
    String unset = ExecutorMemory.of(conf("yarn")).words();
    long jvm = ExecutorMemory.JVM_BYTES / MIB;
    assertEquals(
        "an executor may allocate "
            + (LEAST - jvm)
            + " MiB: its container has 384 MiB beside the heap (the larger of 384 MiB and 10 % of"
            + " the heap, for spark.executor.memoryOverhead is not set), of which "
            + jvm
            + " MiB are left to the JVM",
        unset);
  }
}
