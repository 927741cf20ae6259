package io.penstock.compute.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.array.DeviceBuffer;
import io.penstock.array.FloatPlace;
import io.penstock.array.LockedMemory;
import io.penstock.array.NativeArrays;
import io.penstock.testing.Command;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.FloatPointer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class CudaDeviceTest {
  private StandIn driver;

  @BeforeEach
  void begin() {
    driver = StandIn.fresh();
  }

  @AfterEach
  void end() {
    if (driver != null) {
      driver.reset();
    }
  }

  @Test
  void gpusAreFoundByNumberAndByUuid() {
    driver.order("devices", 3);
    List<CudaGpu> all = CudaGpu.all();
    assertEquals(3, all.size());
    CudaGpu second = all.get(1);
    assertEquals("GPU-7374616e-642d-696e-0000-000000000001", second.uuid());
    assertEquals("0000:02:00.0", second.bus());
    assertEquals(second, CudaGpu.at(1));
    assertEquals(second, CudaGpu.of(second.uuid().toUpperCase(java.util.Locale.ROOT)));
    CudaException none = assertThrows(CudaException.class, () -> CudaGpu.of("GPU-5c1e"));
    assertTrue(none.getMessage().contains("GPU-5c1e"), none::getMessage);
    assertTrue(none.getMessage().contains(second.uuid()), none::getMessage);
    assertThrows(CudaException.class, () -> CudaGpu.at(3));
    assertEquals(second, CudaGpu.of(second.uuid().replace("GPU-", "MIG-")), "or a part of one");
  }

  @Test
  void aGpuOlderThanTheKernelsIsRefused() {
    driver.order("capability", 61);
    CudaGpu old = CudaGpu.at(0);
    CudaException e = assertThrows(CudaException.class, () -> CudaDevice.open(old));
    assertEquals(Trouble.CAPABILITY, e.trouble());
    assertTrue(e.getMessage().contains("6.1") && e.getMessage().contains("7.5"), e::getMessage);
  }

  @Test
  void numbersGoThereAndBackAndAreCopiedAndCleared() {
    try (Trial trial = new Trial();
        FloatPointer host = new FloatPointer(1f, 2f, 3f, 4f)) {
      INDArray a = trial.array(4L);
      INDArray b = trial.array(9, 9, 9, 9);
      trial.device.toDevice(host.address(), DeviceBuffer.address(a), 16);
      host.put(0, 7f); // what was sent was read before
      trial.device.copy(DeviceBuffer.address(a), DeviceBuffer.address(b) + 4, 12);
      trial.device.clear(DeviceBuffer.address(a) + 8, 8);
      assertArrayEquals(new float[] {1, 2, 0, 0}, trial.numbers(a));
      assertArrayEquals(new float[] {9, 1, 2, 3}, trial.numbers(b));
      trial.device.toHost(DeviceBuffer.address(b), host.address(), 16);
      assertEquals(9, host.get(0));
      assertEquals(3, host.get(3));
    }
  }

  @Test
  void aLargePieceGoesThereAndBackWhole() {
    int count = 3 * Staging.HALF / Float.BYTES + 17;
    try (Trial trial = new Trial();
        FloatPointer host = new FloatPointer(count)) {
      for (int i = 0; i < count; i++) {
        host.put(i, i);
      }
      INDArray there = trial.array((long) count);
      trial.device.toDevice(host.address(), DeviceBuffer.address(there), count * 4L);
      host.put(count - 1, -1f);
      float[] back = trial.numbers(there);
      for (int i = 0; i < count; i++) {
        assertEquals(i, back[i]);
      }
    }
  }

  @Test
  void newMemoryIsNotANumber() {
    try (Trial trial = new Trial()) {
      for (float each : trial.numbers(trial.array(5L))) {
        assertTrue(Float.isNaN(each));
      }
    }
  }

  @Test
  void aFullGpuSaysHowMuchItHas() {
    driver.order("memory", 1 << 20);
    try (Trial trial = new Trial()) {
      driver.order("memory", 1 << 20);
      long used = trial.device.gpu().memoryBytes() - trial.device.freeBytes();
      CudaException e =
          assertThrows(CudaException.class, () -> trial.device.allocate((2 << 20) - used));
      assertEquals(Trouble.MEMORY, e.trouble());
      assertTrue(e.getMessage().contains("CUDA_ERROR_OUT_OF_MEMORY"), e::getMessage);
      assertTrue(e.getMessage().contains("are wanted"), e::getMessage);
      assertTrue(e.getMessage().contains("Stand-in"), "and which GPU it is");
    }
  }

  @Test
  void anAllocationThatFailsLeavesAllElse() {
    try (Trial trial = new Trial()) {
      INDArray numbers = trial.array(1, 2);
      driver.order("failAllocation", 2);
      trial.device.free(trial.device.allocate(4));
      assertEquals(
          Trouble.MEMORY,
          assertThrows(CudaException.class, () -> trial.device.allocate(4)).trouble());
      trial.scale(numbers, 2);
      assertArrayEquals(new float[] {2, 4}, trial.numbers(numbers));
    }
  }

  @Test
  void whatTheDriverSaysOfAFileThatItDoesNotTakeIsPassedOn() {
    Ptx broken = new Ptx("broken.ptx", "no PTX", Map.of("broken", ""));
    try (CudaDevice device = CudaDevice.open(CudaGpu.at(0), () -> List.of(broken))) {
      CudaException e =
          assertThrows(CudaException.class, () -> new StreamLauncher(device).kernel("broken"));
      assertEquals(Trouble.IMAGE, e.trouble());
      assertTrue(e.getMessage().contains("CUDA_ERROR_INVALID_PTX"), e::getMessage);
      assertTrue(e.getMessage().contains("broken.ptx"), e::getMessage);
      assertTrue(e.getMessage().contains("Missing .version directive"), e::getMessage);
    }
  }

  @Test
  void aMachineWhoseDriverKnowsNoGpuIsToldSo() {
    driver.order("devices", 0);
    CudaException e = assertThrows(CudaException.class, CudaGpu::all);
    assertEquals(Trouble.DRIVER, e.trouble());
    assertTrue(e.getMessage().contains("CUDA_ERROR_NO_DEVICE"), e::getMessage);
  }

  @Test
  void eagerWorkIsDoneAtOnce() throws Exception {
    driver.order("eager", 1);
    try (Trial trial = new Trial()) {
      driver.order("eager", 1);
      long before = driver.count("launches trial_scale");
      trial.scale(trial.array(1, 2), 2);
      assertEquals(before + 1, driver.count("launches trial_scale"));
      driver.order("eager", 0);
      trial.scale(trial.array(1, 2), 2);
      assertEquals(before + 1, driver.count("launches trial_scale"), "else when it is needed");
    }
  }

  @Test
  void aLostGpuIsOfNoMoreUseToThisProcess() {
    try (Trial trial = new Trial()) {
      INDArray numbers = trial.array(1, 2);
      driver.order("loseAtLaunch", 1);
      trial.scale(numbers, 2);
      CudaException e = assertThrows(CudaException.class, trial.device::settle);
      assertEquals(Trouble.LOST, e.trouble());
      assertTrue(e.getMessage().contains("CUDA_ERROR_LAUNCH_FAILED"), e::getMessage);
      assertTrue(e.getMessage().contains("has to be replaced"), e::getMessage);
      assertEquals(
          Trouble.LOST,
          assertThrows(CudaException.class, () -> trial.device.allocate(4)).trouble());
      assertEquals(
          e,
          assertThrows(CudaException.class, () -> trial.scale(numbers, 2)).getCause(),
          "the first failure is the cause of all others");
      NativeArrays.release(numbers); // is no failure of its own
    }
  }

  @Test
  void aFreedArrayIsNotComputedWith() {
    try (Trial trial = new Trial()) {
      long address = trial.device.allocate(16);
      trial.device.free(address);
      CudaException e =
          assertThrows(
              CudaException.class,
              () -> {
                trial.device.clear(address, 16);
                trial.device.settle();
              });
      assertEquals(Trouble.LOST, e.trouble());
      assertTrue(e.getMessage().contains("CUDA_ERROR_ILLEGAL_ADDRESS"), e::getMessage);
    }
  }

  @Test
  void whatWritesBesideItsMemoryIsFound() {
    try (Trial trial = new Trial()) {
      long address = trial.device.allocate(20);
      trial.launcher.kernel("trial_beside").whole(address).whole(5).blocks(1, 32);
      assertThrows(CudaException.class, () -> trial.device.free(address));
    }
  }

  @Test
  void threadsOfABlockMayNotComeToABarrierAlone() {
    try (Trial trial = new Trial()) {
      trial.launcher.kernel("trial_alone").array(trial.array(4L)).blocks(1, 4);
      assertThrows(CudaException.class, trial.device::settle);
    }
  }

  /** A process that reads a device's memory as if it were the host's. */
  public static final class Reads {
    private Reads() {}

    public static void main(String[] arguments) {
      System.setProperty(Driver.LIBRARY, arguments[0]);
      CudaDevice device = CudaDevice.open(CudaGpu.at(0));
      FloatPointer place = new FloatPlace().at(device.allocate(16));
      System.out.println("opened");
      System.out.println("read " + place.get(0));
    }
  }

  @Test
  @Timeout(value = 2, unit = TimeUnit.MINUTES)
  void whatFollowsADevicesAddressOnTheHostEndsTheProcess(@TempDir Path folder) throws Exception {
    Command.Outcome outcome =
        Command.run(
            new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:-CreateCoredumpOnCrash",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Reads.class.getName(),
                    System.getProperty(Driver.LIBRARY))
                .directory(folder.toFile()));
    assertTrue(outcome.out().startsWith("opened"), outcome::toString);
    assertFalse(outcome.out().contains("read "), outcome::out);
    assertNotEquals(0, outcome.status());
  }

  @Test
  void everyGpuHasItsOwnMemory() {
    driver.order("devices", 2);
    try (Trial first = new Trial()) {
      driver.order("devices", 2);
      try (CudaDevice second = CudaDevice.open(CudaGpu.at(1), () -> List.of(Trial.KERNELS))) {
        assertNotEquals(first.device, second);
        INDArray here = first.array(1, 2);
        StreamLauncher there = new StreamLauncher(second);
        assertThrows(IllegalArgumentException.class, () -> there.kernel("trial_alone").array(here));
        INDArray other = NativeArrays.array(second, here.dataType(), 'c', 2);
        second.clear(DeviceBuffer.address(other), 8);
        first.scale(here, 3);
        assertArrayEquals(new float[] {0, 0}, there.download(other));
        assertArrayEquals(new float[] {3, 6}, first.numbers(here));
        NativeArrays.release(other);
      }
    }
  }

  @Test
  void anOpenedGpuIsEqualToItself() {
    try (Trial one = new Trial();
        Trial other = new Trial()) {
      assertEquals(one.device, other.device);
      INDArray numbers = one.array(1, 2);
      one.device.settle();
      other.scale(numbers, 2);
      assertArrayEquals(new float[] {2, 4}, other.numbers(numbers));
    }
  }

  @Test
  void nothingIsLeftOfAClosedDevice() {
    String[] kinds = {"live", "locked", "events", "modules", "contexts"};
    long[] before = new long[kinds.length];
    for (int i = 0; i < kinds.length; i++) {
      before[i] = driver.count(kinds[i]);
    }
    Trial trial = new Trial();
    for (int i = 0; i < 100; i++) {
      INDArray numbers = trial.array(1, 2, 3);
      trial.launcher.upload(0, new int[i]);
      trial.scale(numbers, 2);
      assertEquals(6, trial.numbers(numbers)[2]);
      NativeArrays.release(numbers);
    }
    trial.close();
    for (int i = 0; i < kinds.length; i++) {
      assertEquals(before[i], driver.count(kinds[i]), kinds[i]);
    }
    assertThrows(IllegalStateException.class, () -> trial.device.allocate(4));
    trial.device.close();
    assertFalse(driver.count("contexts") < before[4], "closed once");
  }

  /** A rank that has ended may have lent frames that another of its process still reads. */
  @Test
  void lockedMemoryKeepsItsContextUntilItIsFreed() {
    driver.order("devices", 2);
    long contexts = driver.count("contexts");
    CudaDevice device = CudaDevice.open(CudaGpu.at(1));
    INDArray frame = LockedMemory.array(device, DataType.FLOAT, 'c', 3);
    frame.assign(7);
    device.close();
    device.close();
    assertArrayEquals(new float[] {7, 7, 7}, frame.toFloatVector());
    assertEquals(contexts + 1, driver.count("contexts"));
    NativeArrays.release(frame);
    assertEquals(contexts, driver.count("contexts"));
  }

  @Test
  void aLostGpuIsLeftToo() {
    driver.order("devices", 2);
    long contexts = driver.count("contexts");
    CudaDevice device = CudaDevice.open(CudaGpu.at(1));
    StreamLauncher launcher = new StreamLauncher(device);
    INDArray numbers = launcher.upload(0, new float[] {1});
    driver.order("loseAtLaunch", 1);
    launcher.kernel("scale_numbers").array(numbers).number(2).whole(1).each(1);
    assertThrows(CudaException.class, device::settle);
    device.close();
    assertEquals(contexts, driver.count("contexts"));
  }
}
