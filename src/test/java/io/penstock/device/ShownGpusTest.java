package io.penstock.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShownGpusTest {
  private static final Supplier<Gpus> UNASKED =
      () -> {
        throw new AssertionError("nvidia-smi was asked");
      };

  private static void refuses(ShownGpus gpus, Gpus listed, String address, String... parts) {
    String said =
        assertThrows(UnusableDeviceException.class, () -> gpus.device(address, () -> listed))
            .getMessage();
    for (String part : parts) {
      assertTrue(said.contains(part), () -> "no \"" + part + "\" in: " + said);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"7.5", "8.0", "8.9", "9.0", "10.0", "12.0", "13.0"})
  void turingAndNewerAreUsable(String capability) {
    Device device = FakeShownGpus.of(capability).device("GPU-0c1e", UNASKED);
    assertEquals(
        new Device(
            "GPU-0c1e",
            0,
            "Fake " + capability,
            Capability.parse(capability),
            24 * FakeGpus.GIB,
            Backend.CUDA),
        device);
    assertEquals(Nd4jBackend.CPU, device.nd4j());
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.7", "6.1", "7.0", "7.2"})
  void olderOnesAreRefusedWithTheWaysOut(String capability) {
    refuses(
        FakeShownGpus.of(capability),
        FakeGpus.of(capability),
        "GPU-0c1e",
        "GPU 0 (Fake " + capability + ", GPU-0c1e) cannot be used",
        "compute capability is " + capability,
        "7.5 (Turing) and newer",
        "mvn -Pcuda",
        "requireGpu false");
  }

  @Test
  void aNeighbourThatCannotBeUsedIsNobodysBusiness() {
    assertEquals(1, FakeShownGpus.of("6.1", "9.0").device("GPU-1c1e", UNASKED).ordinal());
  }

  @Test
  void aUuidNeedsNoNvidiaSmi() {
    assertEquals(1, FakeShownGpus.of("8.6", "8.6").device("GPU-1c1e", UNASKED).ordinal());
    assertEquals(0, FakeShownGpus.of("8.6").device("GPU-0C1E", UNASKED).ordinal());
  }

  @Test
  void anIndexIsNvidiaSmisWhateverTheDriverCounts() {
    ShownGpus fastestFirst = FakeShownGpus.reversed(FakeShownGpus.of("7.5", "9.0"));
    Gpus byBus = FakeGpus.of("7.5", "9.0");
    assertEquals("Fake 9.0", fastestFirst.device("1", () -> byBus).name());
    assertEquals(0, fastestFirst.device("1", () -> byBus).ordinal());
    assertEquals(1, fastestFirst.device("0", () -> byBus).ordinal());
  }

  @Test
  void whatTheDriverHidesIsNamed() {
    ShownGpus one = new ShownGpus(FakeShownGpus.of("8.6").list(), 12_020, Optional.empty());
    refuses(
        one,
        FakeGpus.of("8.6", "8.6"),
        "1",
        "Spark assigned GPU 1 (GPU-1c1e)",
        "shows this process GPU-0c1e only",
        "CUDA_VISIBLE_DEVICES must not hide");
    refuses(one, FakeGpus.of("8.6"), "7", "nvidia-smi lists 0 of compute", "getGpusResources.sh");
  }

  @Test
  void anIndexWithoutNvidiaSmiIsRefusedNotGuessed() {
    refuses(
        FakeShownGpus.of("8.6"),
        Gpus.none("nvidia-smi is broken."),
        "0",
        "a number of nvidia-smi's",
        "nvidia-smi is broken.",
        "prints UUIDs");
  }

  @Test
  void aMigInstanceIsFoundByItsOwnUuid() {
    ShownGpu instance = new ShownGpu(0, "MIG-4f1a", "A100 MIG", new Capability(8, 0), 5L << 30);
    ShownGpus gpus = new ShownGpus(List.of(instance), 12_000, Optional.empty());
    assertEquals(5L << 30, gpus.device("MIG-4f1a", UNASKED).memoryBytes());
    ShownGpu confused = new ShownGpu(0, "GPU-4f1a", "A100 MIG", new Capability(8, 0), 5L << 30);
    assertEquals(
        0,
        new ShownGpus(List.of(confused), 12_000, Optional.empty())
            .device("MIG-4f1a", UNASKED)
            .ordinal());
  }

  @ParameterizedTest
  @ValueSource(ints = {8_000, 9_020, 10_000})
  void anOldDriverIsNamedWithItsVersion(int version) {
    ShownGpus old = new ShownGpus(FakeShownGpus.of("7.5").list(), version, Optional.empty());
    String cuda = version / 1000 + "." + version % 1000 / 10;
    refuses(old, FakeGpus.of("7.5"), "GPU-0c1e", "CUDA up to " + cuda + ",", "10.1 or newer");
  }

  @Test
  void theFirstDriverThatKnowsThePtxIsEnough() {
    ShownGpus first = new ShownGpus(FakeShownGpus.of("7.5").list(), 10_010, Optional.empty());
    assertEquals(0, first.device("GPU-0c1e", UNASKED).ordinal());
  }

  @Test
  void withoutADriverOrAGpuTheReasonIsTold() {
    refuses(ShownGpus.none("no driver here"), FakeGpus.of("8.6"), "0", "no driver here");
    refuses(FakeShownGpus.of(), FakeGpus.of(), "0", "shows this process no GPU");
  }
}
