package io.penstock.launch.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.device.Backend;
import io.penstock.device.Capability;
import io.penstock.device.Device;
import io.penstock.device.Gpu;
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
      String host, String executor, String address, Backend backend) {
    Gpu gpu = new Gpu(0, "GPU-" + address, new Capability(8, 6), 0, "535.1");
    return new DeviceReport(host, executor, address, new Device(address, 0, gpu), null, backend);
  }

  private static DeviceReport broken(Backend backend) {
    return new DeviceReport("h", "1", "1", null, "it is a toaster.", backend);
  }

  private static void says(List<String> problems, String... parts) {
    String all = String.join("\n", problems);
    for (String part : parts) {
      assertTrue(all.contains(part), () -> "no \"" + part + "\" in: " + all);
    }
  }

  private static List<String> required(ClusterOffer offer, int stages, DeviceReport... reports) {
    return GpuCheck.problems(GpuUse.REQUIRED, offer, stages, List.of(reports));
  }

  @Test
  void nothingIsWrongWithAGpuForEveryStage() {
    for (GpuUse use : GpuUse.values()) {
      List<DeviceReport> reports = List.of(usable("h", "0", "0"), usable("h", "1", "1"));
      assertEquals(List.of(), GpuCheck.problems(use, cluster(ONE_EACH), 2, reports));
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
    says(required(local(0), 2), "this process sees no GPU", "mvn -Pcuda");
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
    assertEquals(List.of(), GpuCheck.problems(GpuUse.AUTO, local(1), 2, List.of(both)));
  }

  @Test
  void whatIsWrongWithAGpuIsToldWithItsPlace() {
    says(
        required(cluster(ONE_EACH), 2, usable("h", "0", "0"), broken(null)),
        "2 GPUs, one each; 1 can be used.",
        "h, executor 1: it is a toaster.");
    assertEquals(
        List.of(), GpuCheck.problems(GpuUse.AUTO, cluster(ONE_EACH), 2, List.of(broken(null))));
  }

  @Test
  void aProcessThatHasTheOtherBackendIsTold() {
    says(
        required(cluster(ONE_EACH), 1, usable("h", "0", "0", Backend.CPU)),
        "0 can be used",
        "ND4J runs on the CPU in this process already",
        "spark.plugins=io.penstock.launch.plugin.PenstockPlugin");
    for (GpuUse use : List.of(GpuUse.NEVER, GpuUse.AUTO)) {
      says(
          GpuCheck.problems(use, cluster(ONE_EACH), 1, List.of(broken(Backend.CUDA))),
          "runs on CUDA in the process of h, executor 1 already",
          "--conf spark.penstock.backend=cpu");
    }
    assertEquals(List.of(), required(cluster(ONE_EACH), 1, usable("h", "0", "0", Backend.CUDA)));
  }

  @Test
  void theWordsSayWhatAndWhy() {
    assertEquals(
        "on GPUs: GPU 0 of h, GPU 1 of h",
        GpuCheck.words(
            GpuUse.AUTO, cluster(ONE_EACH), List.of(usable("h", "0", "0"), usable("h", "1", "1"))));
    assertEquals(
        "on GPUs: GPU 0 of h; on the CPU: h, executor 1: it is a toaster.",
        GpuCheck.words(
            GpuUse.AUTO, cluster(ONE_EACH), List.of(usable("h", "0", "0"), broken(null))));
    assertEquals(
        "on the CPU: requireGpu is false",
        GpuCheck.words(GpuUse.NEVER, cluster(ONE_EACH), List.of()));
    assertEquals(
        "on the CPU: the executors have no GPUs (spark.executor.resource.gpu.amount)",
        GpuCheck.words(GpuUse.AUTO, cluster(GpuOffer.NONE), List.of()));
  }
}
