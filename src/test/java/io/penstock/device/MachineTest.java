package io.penstock.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MachineTest {
  private static int ordinal(Machine machine, String address) {
    return machine.device(address).ordinal();
  }

  private static void refuses(Machine machine, String address, String... parts) {
    String said =
        assertThrows(UnusableDeviceException.class, () -> machine.device(address)).getMessage();
    for (String part : parts) {
      assertTrue(said.contains(part), () -> "no \"" + part + "\" in: " + said);
    }
  }

  @Test
  void anAddressIsAnIndexOrAUuid() {
    Machine machine = FakeGpus.machine("8.6", "8.6", "8.6");
    assertEquals(0, ordinal(machine, "0"));
    assertEquals(2, ordinal(machine, "2"));
    assertEquals(1, ordinal(machine, "GPU-1c1e"));
  }

  @Test
  void cudaCountsWhatItIsShown() {
    Machine machine = FakeGpus.machine(Optional.of("2,0"), "8.6", "8.6", "8.6");
    assertEquals(0, ordinal(machine, "2"));
    assertEquals(1, ordinal(machine, "0"));
    assertEquals(1, ordinal(machine, "GPU-0c1e"));
    assertEquals(List.of("2", "0"), machine.addresses());
    refuses(machine, "1", "Spark assigned GPU 1", "CUDA_VISIBLE_DEVICES=2,0 hides it");
  }

  @Test
  void uuidsAreShownTooAndMayBeShort() {
    Machine machine = FakeGpus.machine(Optional.of("GPU-1c, GPU-0"), "8.6", "8.6");
    assertEquals(0, ordinal(machine, "1"));
    assertEquals(1, ordinal(machine, "0"));
  }

  @Test
  void cudaStopsAtTheFirstNameItDoesNotKnow() {
    Machine machine = FakeGpus.machine(Optional.of("1,-1,0"), "8.6", "8.6");
    assertEquals(List.of("1"), machine.addresses());
    refuses(machine, "0", "hides it");
    assertEquals(List.of(), FakeGpus.machine(Optional.of(""), "8.6").addresses());
  }

  @Test
  void anAddressThatThereIsNotNamesTheScript() {
    refuses(FakeGpus.machine("8.6"), "1", "lists 0 of compute capability 8.6", "getGpusResources");
  }

  @Test
  void withoutTheJarsTheyAreNamed() {
    Machine machine = new Machine(false, FakeGpus.of("8.6"), Optional.empty(), false);
    refuses(machine, "0", "mvn -Pcuda", "org.nd4j:nd4j-cuda-11.6");
  }

  @Test
  void withoutADriverTheReasonIsTold() {
    Machine machine = new Machine(true, Gpus.none("no driver here"), Optional.empty(), false);
    refuses(machine, "0", "no driver here");
    refuses(FakeGpus.machine(), "0", "finds no GPU");
  }

  @Test
  void hopperAndBlackwellAreRefusedBeforeAnythingIsLoaded() {
    refuses(FakeGpus.machine("9.0"), "0", "9.0 (Hopper)", "requireGpu false");
    refuses(FakeGpus.machine("12.0"), "0", "12.0 (Blackwell)", "requireGpu false");
  }

  @Test
  void aNeighbourThatCannotBeUsedMustBeHidden() {
    refuses(
        FakeGpus.machine("8.6", "9.0"), "0", "GPU 1", "hide this one with CUDA_VISIBLE_DEVICES");
    assertEquals(0, ordinal(FakeGpus.machine(Optional.of("0"), "8.6", "9.0"), "0"));
  }

  @Test
  void severalKindsNeedOneOrder() {
    refuses(FakeGpus.machine("7.5", "8.6"), "1", "CUDA_DEVICE_ORDER=PCI_BUS_ID");
    Machine byBus = new Machine(true, FakeGpus.of("7.5", "8.6"), Optional.empty(), true);
    assertEquals(1, ordinal(byBus, "1"));
  }

  @Test
  void aMigInstanceIsTheOnlyDeviceOfItsProcess() {
    String mig = "MIG-4f1a";
    Device device = FakeGpus.machine(Optional.of(mig), "8.0", "8.0").device(mig);
    assertEquals(0, device.ordinal());
    assertEquals(0, device.memoryBytes(), "not told by nvidia-smi");
    refuses(FakeGpus.machine("8.0"), mig, "CUDA_VISIBLE_DEVICES names it", "not set");
    refuses(FakeGpus.machine(Optional.of("0"), "8.0"), mig, "here it is 0");
    refuses(FakeGpus.machine(Optional.of(mig), "9.0"), mig, "(Hopper)");
  }
}
