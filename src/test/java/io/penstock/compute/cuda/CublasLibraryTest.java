package io.penstock.compute.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.compute.ComputePrecision;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

class CublasLibraryTest {
  private static List<String> candidates(String wanted, Map<String, String> environment) {
    return CublasLibrary.NAMES.candidates(wanted, environment::get);
  }

  @Test
  void aLibraryThatIsNamedIsTheOnlyOne() {
    assertEquals(List.of("/a/lib"), candidates("/a/lib", Map.of("CUDA_HOME", "/cuda")));
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void theNewestComesFirstAndTheSystemBeforeTheToolkit() {
    List<String> all = candidates("", Map.of("CUDA_HOME", "/cuda", "CUDA_PATH", "/other"));
    assertEquals(
        List.of(
            "libcublasLt.so.13",
            "libcublasLt.so.12",
            "libcublasLt.so.11",
            "/cuda/lib64/libcublasLt.so.13",
            "/cuda/lib64/libcublasLt.so.12",
            "/cuda/lib64/libcublasLt.so.11"),
        all);
    assertEquals(3, candidates("", Map.of("CUDA_HOME", "")).size());
    assertEquals(6, candidates("", Map.of("CUDA_PATH", "/other")).size());
  }

  @Test
  void whereThereIsNoneIsSaidWhyAndWhatToDo() {
    CublasLibrary none = new CublasLibrary(0, "libcublasLt.so.13 does not load");
    String complaint = none.complaint(ComputePrecision.FLOAT32).orElseThrow();
    assertTrue(complaint.contains("libcublasLt.so.13 does not load. "), complaint);
    assertTrue(complaint.contains(CublasLibrary.LIBRARY), complaint);
    assertFalse(complaint.contains("float32"), complaint);
    String gainless = none.complaint(ComputePrecision.TF32).orElseThrow();
    assertTrue(gainless.contains("in float32, so nothing is gained by tf32"), gainless);
    CublasLibrary there = new CublasLibrary(130101, "");
    assertEquals(Optional.empty(), there.complaint(ComputePrecision.TF32));
    assertEquals("cuBLASLt 130101 in tf32", there.products(ComputePrecision.TF32));
  }

  @Test
  void whatDoesNotLoadIsTold() {
    StandIn.fresh();
    try (CudaDevice device = StandIn.device()) {
      CublasLibrary none = CublasLibrary.load(device);
      assertFalse(none.isThere());
      assertTrue(none.absence().contains(CublasLibrary.LIBRARY), none.absence());
      assertTrue(StandIn.withCublas(() -> CublasLibrary.load(device)).isThere());
    }
  }
}
