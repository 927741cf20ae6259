package io.penstock.launch.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.compute.ComputePrecision;
import io.penstock.device.Backend;
import io.penstock.device.Capability;
import io.penstock.device.Device;
import io.penstock.device.Nd4jBackend;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class GpuCheckTest {
  private static final GpuOffer ONE_EACH = new GpuOffer(1, 0, true);

  private static ClusterOffer cluster(GpuOffer gpus) {
    return new ClusterOffer(false, 2, 2, OptionalInt.empty(), 4, 1, 0, false, 1 << 30, gpus);
  }

  private static ClusterOffer local(int gpus) {
    return new ClusterOffer(
        true, 1, 4, OptionalInt.empty(), 4, 1, 0, false, 1 << 30, new GpuOffer(gpus, 0, false));
  }

  private static DeviceReport usable(String host, String executor, String address) {
    return usable(host, executor, address, null);
  }

  private static DeviceReport usable(
      String host, String executor, String address, Nd4jBackend backend) {
    Device gpu = new Device(address, 0, "a GPU", new Capability(8, 6), 0, Backend.ND4J_CUDA);
    return new DeviceReport(host, executor, address, gpu, null, backend);
  }

  private static DeviceReport broken(Nd4jBackend backend) {
    return new DeviceReport("h", "1", "1", null, "it is a toaster.", backend);
  }

  private static void says(List<String> problems, String... parts) {
    String all = String.join("\n", problems);
    for (String part : parts) {
      assertTrue(all.contains(part), () -> "no \"" + part + "\" in: " + all);
    }
  }

  private static List<String> required(ClusterOffer offer, int stages, DeviceReport... reports) {
    return GpuCheck.problems(DeviceDemand.of(GpuUse.REQUIRED), offer, stages, List.of(reports));
  }

  @Test
  void nothingIsWrongWithAGpuForEveryStage() {
    for (GpuUse use : GpuUse.values()) {
      List<DeviceReport> reports = List.of(usable("h", "0", "0"), usable("h", "1", "1"));
      assertEquals(
          List.of(), GpuCheck.problems(DeviceDemand.of(use), cluster(ONE_EACH), 2, reports));
    }
  }

  @Test
  void executorsWithoutGpusAreToldWhatToSet() {
    says(
        required(cluster(GpuOffer.NONE), 2),
        "requireGpu is true, but the executors have none",
        "--conf spark.executor.resource.gpu.amount=1",
        "discoveryScript=/path/to/getGpusResources.sh",
        "spark.worker.resource.gpu.amount");
    says(required(local(0), 2), "this process sees no GPU", "NVIDIA's driver");
  }

  @Test
  void aManagerWithoutProfilesIsToldTheSettingsInTheirPlace() {
    says(
        required(cluster(new GpuOffer(1, 0.25, false)), 2),
        "no stage-level scheduling",
        "--conf spark.task.resource.gpu.amount=1 --conf spark.task.cpus=4");
    assertEquals(
        List.of(),
        required(
            cluster(new GpuOffer(1, 1, false)), 2, usable("h", "0", "0"), usable("h", "1", "1")));
  }

  @Test
  void oneGpuForTwoStagesIsCountedOnce() {
    says(
        required(cluster(ONE_EACH), 2, usable("h", "0", "0"), usable("h", "1", "0")),
        "2 stages need 2 GPUs, one each; 1 can be used, GPU 0 of h",
        "have 2 executors");
    assertEquals(
        List.of(), required(cluster(ONE_EACH), 2, usable("h", "0", "0"), usable("i", "1", "0")));
  }

  @Test
  void localStagesThatAreToShareAreRefusedOnlyWhereEachNeedsItsOwn() {
    DeviceReport[] both = {usable("h", "driver", "0"), usable("h", "driver", "0")};
    says(required(local(1), 2, both), "1 can be used", "with requireGpu auto stages share them");
    assertEquals(
        List.of(), GpuCheck.problems(DeviceDemand.of(GpuUse.AUTO), local(1), 2, List.of(both)));
  }

  @Test
  void aMachineWithoutAGpuThatCanBeUsedIsNotToldToTakeFewerStages() {
    String said = String.join("\n", required(local(1), 2, broken(null)));
    assertTrue(said.contains("0 can be used. A machine with so many would do; "), said);
    assertTrue(said.contains("with requireGpu auto stages take the CPU."), said);
  }

  @Test
  void whatIsWrongWithAGpuIsToldWithItsPlace() {
    says(
        required(cluster(ONE_EACH), 2, usable("h", "0", "0"), broken(null)),
        "2 GPUs, one each; 1 can be used.",
        "h, executor 1: it is a toaster.");
    assertEquals(
        List.of(),
        GpuCheck.problems(
            DeviceDemand.of(GpuUse.AUTO), cluster(ONE_EACH), 2, List.of(broken(null))));
  }

  @Test
  void aProcessThatHasTheOtherBackendIsTold() {
    says(
        required(cluster(ONE_EACH), 1, usable("h", "0", "0", Nd4jBackend.CPU)),
        "0 can be used",
        "ND4J runs on the CPU in this process already",
        "spark.plugins=io.penstock.launch.plugin.PenstockPlugin");
    for (GpuUse use : List.of(GpuUse.NEVER, GpuUse.AUTO)) {
      says(
          GpuCheck.problems(
              DeviceDemand.of(use), cluster(ONE_EACH), 1, List.of(broken(Nd4jBackend.CUDA))),
          "runs on CUDA in the process of h, executor 1 already",
          "--conf spark.penstock.backend=cpu");
    }
    assertEquals(
        List.of(), required(cluster(ONE_EACH), 1, usable("h", "0", "0", Nd4jBackend.CUDA)));
  }

  @Test
  void theWordsSayWhatAndWhy() {
    assertEquals(
        "on GPUs: GPU 0 of h (by ND4J), GPU 1 of h (by ND4J)",
        GpuCheck.words(
            GpuUse.AUTO,
            Backend.AUTO,
            cluster(ONE_EACH),
            List.of(usable("h", "0", "0"), usable("h", "1", "1"))));
    assertEquals(
        "on GPUs: GPU 0 of h (by ND4J); on the CPU: h, executor 1: it is a toaster.",
        GpuCheck.words(
            GpuUse.AUTO,
            Backend.AUTO,
            cluster(ONE_EACH),
            List.of(usable("h", "0", "0"), broken(null))));
    assertEquals(
        "on the CPU: requireGpu is false",
        GpuCheck.words(GpuUse.NEVER, Backend.AUTO, cluster(ONE_EACH), List.of()));
    assertEquals(
        "on the CPU: the executors have no GPUs (spark.executor.resource.gpu.amount)",
        GpuCheck.words(GpuUse.AUTO, Backend.AUTO, cluster(GpuOffer.NONE), List.of()));
    assertEquals(
        "on the CPU: this process sees no GPU",
        GpuCheck.words(GpuUse.AUTO, Backend.AUTO, local(0), List.of()));
    assertEquals(
        "on the CPU: spark.penstock.backend is cpu",
        GpuCheck.words(GpuUse.AUTO, Backend.CPU, local(0), List.of()));
  }

  @Test
  void roundedProductsNeedAGpuForEveryStageWhateverRequireGpuSays() {
    DeviceDemand tf32 = new DeviceDemand(GpuUse.AUTO, ComputePrecision.TF32);
    DeviceReport gpu = byDriver("0", null);
    assertEquals(
        List.of(),
        GpuCheck.problems(tf32, cluster(ONE_EACH), 2, List.of(gpu, byDriver("1", null))));
    says(
        GpuCheck.problems(tf32, cluster(ONE_EACH), 2, List.of(gpu, broken(null))),
        "computePrecision is tf32, which needs a GPU for every stage",
        "h, executor 1: it is a toaster.");
    says(
        GpuCheck.problems(tf32, cluster(GpuOffer.NONE), 2, List.of()),
        "computePrecision is tf32",
        "the executors have none");
    says(GpuCheck.problems(tf32, local(0), 2, List.of()), "this process sees no GPU");
    String never =
        assertThrows(
                IllegalArgumentException.class,
                () -> new DeviceDemand(GpuUse.NEVER, ComputePrecision.BFLOAT16))
            .getMessage();
    assertTrue(never.contains("computePrecision is bfloat16, but requireGpu is false"), never);
  }

  @Test
  void throughTheDriverAProcessKeepsNd4jOnTheCpu() {
    assertEquals(List.of(), required(cluster(ONE_EACH), 1, byDriver("0", Nd4jBackend.CPU)));
    says(
        required(cluster(ONE_EACH), 1, byDriver("0", Nd4jBackend.CUDA)),
        "0 can be used",
        "is to be on GPU 0 through CUDA's driver",
        "--conf spark.penstock.backend=cuda");
    assertEquals(
        "on GPUs: GPU 0 of h (NVIDIA H200)",
        GpuCheck.words(GpuUse.AUTO, Backend.AUTO, cluster(ONE_EACH), List.of(byDriver("0", null))));
    assertEquals(
        "on GPUs: GPU-0c1e of h (NVIDIA H200)",
        GpuCheck.words(GpuUse.AUTO, Backend.AUTO, local(1), List.of(byDriver("GPU-0c1e", null))));
  }

  private static DeviceReport byDriver(String address, Nd4jBackend backend) {
    Device gpu =
        new Device(address, 0, "NVIDIA H200", new Capability(9, 0), 141L << 30, Backend.CUDA);
    return new DeviceReport("h", "0", address, gpu, null, backend);
  }
}
