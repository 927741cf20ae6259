package io.penstock.launch.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.OptionalInt;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class PreflightTest {
  private static final long MIB = 1 << 20;
  private static final ExecutorMemory MEMORY =
      ExecutorMemory.of(
          new SparkConf(false)
              .set("spark.master", "yarn")
              .set("spark.executor.memoryOverhead", "1g"));

  @Test
  void nothingIsWrongWithAnExecutorForEveryStage() {
    assertEquals(List.of(), Preflight.problems(executors(3, 3, 1, 1), 3, 512 * MIB));
    assertEquals(List.of(), Preflight.problems(executors(4, 8, 2, 1), 3, 512 * MIB));
  }

  @Test
  void nothingIsWrongWithAThreadForEveryStage() {
    assertEquals(List.of(), Preflight.problems(local(3, 1), 3, 512 * MIB));
  }

  @Test
  void dynamicAllocationIsRefusedWithoutAWordOnSlots() {
    ClusterOffer offer =
        new ClusterOffer(false, 0, 0, OptionalInt.empty(), 1, 1, 0, true, 512 * MIB, GpuOffer.NONE);
    String complaint = only(Preflight.problems(offer, 3, MIB));
    says(
        complaint,
        "SPARK-24942",
        "--conf spark.dynamicAllocation.enabled=false --conf spark.executor.instances=3");
  }

  @Test
  void localSlotsAreCountedInTasks() {
    says(
        only(Preflight.problems(local(2, 1), 3, MIB)),
        "3 stages need 3 tasks at the same time",
        "runs 2 (cores / spark.task.cpus=1)",
        "--master local[3]");
    says(
        only(Preflight.problems(local(2, 2), 3, MIB)),
        "runs 2 (cores / spark.task.cpus=2)",
        "--master local[6]");
  }

  @Test
  void everyStageNeedsAnExecutorOfItsOwn() {
    // Slots enough, executors not.
    String complaint = only(Preflight.problems(executors(2, 8, 4, 1), 3, MIB));
    says(
        complaint,
        "3 stages need 3 executors",
        "2 registered",
        "--conf spark.executor.instances=3 ",
        "--conf spark.executor.cores=1 --conf spark.cores.max=3 ",
        "--master local-cluster[3,1,1024]");
    assertFalse(complaint.contains("settings ask for"), complaint);
  }

  @Test
  void fewerStagesAreAdvisedOnlyWhereThereAreSeveral() {
    String threads = only(Preflight.problems(local(0, 2), 1, MIB));
    says(threads, "--master local[2]");
    assertFalse(threads.contains("fewer"), threads);
    String executors = only(Preflight.problems(executors(0, 0, 1, 1), 1, MIB));
    says(executors, "--master local-cluster[1,1,1024]");
    assertFalse(executors.contains("fewer"), executors);
    says(only(Preflight.problems(local(2, 1), 3, MIB)), "or fewer stages");
  }

  @Test
  void executorsThatTheSettingsAskForAreTold() {
    ClusterOffer offer =
        new ClusterOffer(false, 1, 2, OptionalInt.of(2), 2, 2, 0, false, 512 * MIB, GpuOffer.NONE);
    says(
        only(Preflight.problems(offer, 3, MIB)),
        "the settings ask for 2, 1 registered",
        "--conf spark.executor.cores=2 --conf spark.cores.max=6 ",
        "--master local-cluster[3,2,1024]");
  }

  @Test
  void anExecutorThatIsAboutToGoIsNamedAndNoSettingAdvised() {
    ClusterOffer offer =
        new ClusterOffer(
            false,
            2,
            2,
            OptionalInt.of(3),
            1,
            1,
            0,
            false,
            MEMORY,
            GpuOffer.NONE,
            List.of("executor 1 on node-7"));
    String complaint = only(Preflight.problems(offer, 3, MIB));
    says(complaint, "2 stay", "Spark is decommissioning executor 1 on node-7. Wait until");
    assertFalse(complaint.contains("--conf"), complaint);
    says(only(Preflight.problems(offer, 4, MIB)), "--conf spark.executor.instances=4");
  }

  @Test
  void anExecutorTooSmallForATaskIsNamed() {
    says(
        only(Preflight.problems(executors(3, 0, 2, 4), 3, MIB)),
        "3 stages need 3 tasks at the same time, the 3 executors run 0",
        "spark.executor.cores=2 / spark.task.cpus=4",
        "--conf spark.task.cpus=2");
  }

  @Test
  void nativeMemoryIsRoundedUpToWholeMebibytes() {
    says(
        only(Preflight.problems(executors(3, 3, 1, 1), 3, 512 * MIB + 1)),
        "the largest stage needs 513 MiB",
        "may allocate 512 MiB",
        "--conf spark.executor.memoryOverhead=513m");
    says(
        only(Preflight.problems(local(3, 1), 3, 600 * MIB)),
        "the largest stage needs 600 MiB",
        "--driver-memory 600m");
  }

  @Test
  void nativeMemoryOfAContainerIsLessThanItsOverhead() {
    ClusterOffer offer =
        new ClusterOffer(
            false, 3, 3, OptionalInt.empty(), 1, 1, 0, false, MEMORY, GpuOffer.NONE, List.of());
    assertEquals(List.of(), Preflight.problems(offer, 3, MEMORY.arrays()));
    says(
        only(Preflight.problems(offer, 3, 1024 * MIB)),
        "the largest stage needs 1024 MiB",
        "its container has 1024 MiB beside the heap (spark.executor.memoryOverhead)",
        "--conf spark.executor.memoryOverhead=" + (1024 + ExecutorMemory.JVM_BYTES / MIB) + "m");
  }

  @Test
  void everythingThatIsWrongIsToldAtOnce() {
    List<String> problems = Preflight.problems(executors(2, 2, 1, 1), 3, 513 * MIB);
    assertEquals(2, problems.size(), problems.toString());
    says(problems.get(0), "Executors:");
    says(problems.get(1), "Native memory:");
  }

  @Test
  void moreThreadsThanCoresAreRefused() {
    ClusterOffer offer =
        new ClusterOffer(
            false, 2, 2, OptionalInt.empty(), 1, 1, 4, false, 512 * MIB, GpuOffer.NONE);
    says(
        only(Preflight.problems(offer, 2, 0)),
        "OMP_NUM_THREADS=4 on executors of 1 core;",
        "--conf spark.executorEnv.OMP_NUM_THREADS=1",
        "--conf spark.executorEnv.OPENBLAS_NUM_THREADS=1");
  }

  private static ClusterOffer executors(int count, int slots, int cores, int taskCpus) {
    return new ClusterOffer(
        false,
        count,
        slots,
        OptionalInt.empty(),
        cores,
        taskCpus,
        0,
        false,
        512 * MIB,
        GpuOffer.NONE);
  }

  private static ClusterOffer local(int slots, int taskCpus) {
    return new ClusterOffer(
        true,
        1,
        slots,
        OptionalInt.empty(),
        slots * taskCpus,
        taskCpus,
        0,
        false,
        512 * MIB,
        GpuOffer.NONE);
  }

  private static String only(List<String> problems) {
    assertEquals(1, problems.size(), problems.toString());
    return problems.get(0);
  }

  private static void says(String complaint, String... parts) {
    for (String part : parts) {
      assertTrue(complaint.contains(part), () -> "no \"" + part + "\" in: " + complaint);
    }
  }

  @Test
  void replicasAreNamed() {
    ExecutorDemand nine = new ExecutorDemand(3, 3);
    assertEquals("3 replicas of 3 stages", nine.words());
    assertEquals(9, nine.executors());
    assertEquals("fewer replicas or stages", nine.fewer());
    assertEquals("30 replicas of 1 stage", new ExecutorDemand(30, 1).words());
    assertEquals("fewer replicas", new ExecutorDemand(30, 1).fewer());
    assertEquals("", ExecutorDemand.of(1).fewer());
    assertEquals("3 stages", ExecutorDemand.of(3).words());
  }
}
