package io.penstock.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DeviceSearchTest {
  private static DeviceSearch search(Backend backend, boolean jars, String... capabilities) {
    return new DeviceSearch(
        backend,
        () -> FakeShownGpus.of(capabilities),
        () -> new Machine(jars, FakeGpus.of(capabilities), Optional.empty(), true));
  }

  private static String refused(DeviceSearch search) {
    return assertThrows(UnusableDeviceException.class, () -> search.device("0")).getMessage();
  }

  @ParameterizedTest
  @EnumSource(Backend.class)
  void everyWayIsFoundByItsWord(Backend backend) {
    assertEquals(backend, Backend.named(backend.id()));
    String said =
        assertThrows(IllegalArgumentException.class, () -> Backend.named("gpu")).getMessage();
    assertTrue(said.contains(backend.id()), said);
  }

  @ParameterizedTest
  @CsvSource({
    "auto, true, 9.0, cuda",
    "auto, false, 9.0, cuda",
    "auto, true, 8.6, cuda",
    "auto, true, 6.1, nd4j-cuda",
    "cuda, true, 8.6, cuda",
    "nd4j-cuda, true, 8.6, nd4j-cuda",
    "nd4j-cuda, true, 6.1, nd4j-cuda"
  })
  void theWayFollowsFromTheWordTheGpuAndTheJars(
      String word, boolean jars, String capability, String way) {
    DeviceSearch search = search(Backend.named(word), jars, capability);
    assertEquals(way, search.device("0").backend().id());
  }

  @Test
  void whatNeitherWayCanUseIsToldForBoth() {
    String both = refused(search(Backend.AUTO, true, "3.0"));
    assertTrue(both.contains("7.5 (Turing) and newer"), both);
    assertTrue(both.contains("Nor by ND4J's CUDA backend: "), both);
    assertTrue(both.contains("3.7 to 8.6 only"), both);
    String withoutJars = refused(search(Backend.AUTO, false, "6.1"));
    assertTrue(withoutJars.contains("7.5 (Turing) and newer"), withoutJars);
    assertFalse(withoutJars.contains("Nor by"), withoutJars);
  }

  @Test
  void aWordIsHeldTo() {
    assertTrue(refused(search(Backend.CUDA, true, "6.1")).contains("7.5 (Turing)"));
    assertTrue(refused(search(Backend.ND4J_CUDA, true, "9.0")).contains("9.0 (Hopper)"));
    assertTrue(refused(search(Backend.ND4J_CUDA, false, "8.6")).contains("mvn -Pcuda"));
    assertTrue(refused(search(Backend.CPU, true, "8.6")).contains("backend is cpu"));
  }

  @Test
  void whereSparkAssignsNoneThoseThatCanBeUsedAreTaken() {
    assertEquals(List.of("GPU-1c1e"), search(Backend.AUTO, false, "6.1", "9.0").addresses());
    assertEquals(
        List.of("GPU-0c1e", "GPU-1c1e"), search(Backend.CUDA, true, "7.5", "9.0").addresses());
    assertEquals(List.of("0", "1"), search(Backend.ND4J_CUDA, true, "7.5", "8.6").addresses());
    assertEquals(List.of(), search(Backend.CPU, true, "9.0").addresses());
  }

  @Test
  void aProcessTakesOneWayForAllItsGpus() {
    assertEquals(
        List.of("GPU-1c1e"), search(Backend.AUTO, true, "6.1", "8.6").addresses(), "not by ND4J");
    assertEquals(
        List.of("GPU-0c1e", "GPU-1c1e"), search(Backend.AUTO, true, "6.1", "7.0").addresses());
  }

  @Test
  void whereNoneCanBeUsedAllAreNamedSoThatOneMayAskWhy() {
    assertEquals(List.of("GPU-0c1e"), search(Backend.AUTO, false, "6.1").addresses());
  }

  @Test
  void aWordAboutGpusIsOnlyForThoseWhoHaveADriver() {
    DeviceSearch none =
        new DeviceSearch(
            Backend.AUTO,
            () -> ShownGpus.none("no driver"),
            () -> new Machine(false, Gpus.none("no tool"), Optional.empty(), false));
    assertFalse(none.seesDriver());
    assertEquals(List.of(), none.addresses());
    assertTrue(search(Backend.AUTO, false).seesDriver());
    assertFalse(search(Backend.CPU, true, "9.0").seesDriver());
  }
}
