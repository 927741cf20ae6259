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

class CudnnLibraryTest {
  @Test
  @DisabledOnOs(OS.WINDOWS)
  void theNewestComesFirstAndTheSystemBeforeTheToolkit() {
    assertEquals(
        List.of(
            "libcudnn.so.9",
            "libcudnn.so.8",
            "/cuda/lib64/libcudnn.so.9",
            "/cuda/lib64/libcudnn.so.8"),
        CudnnLibrary.NAMES.candidates("", Map.of("CUDA_HOME", "/cuda")::get));
  }

  /** That of cuDNN 8 would end the process for one that is missing. */
  @Test
  @DisabledOnOs(OS.WINDOWS)
  void theFilesOfCudnn8AreLoadedBesideIt() {
    assertEquals(
        List.of(
            "/a/libcudnn_ops_infer.so.8",
            "/a/libcudnn_ops_train.so.8",
            "/a/libcudnn_cnn_infer.so.8",
            "/a/libcudnn_cnn_train.so.8"),
        CudnnLibrary.parts("/a/libcudnn.so.8"));
    assertEquals("libcudnn_ops_infer.so.8", CudnnLibrary.parts("libcudnn.so.8").get(0));
    assertEquals(List.of(), CudnnLibrary.parts("/a/libcudnn.so.9"));
    assertEquals("cudnn_ops_infer64_8", CudnnLibrary.parts("cudnn64_8").get(0));
  }

  @Test
  void whereThereIsNoneIsSaidWhyAndWhatToDo() {
    CudnnLibrary none = new CudnnLibrary(0, "libcudnn.so.9 does not load");
    String complaint = none.complaint().orElseThrow();
    assertTrue(complaint.contains("libcudnn.so.9 does not load. "), complaint);
    assertTrue(complaint.contains(CudnnLibrary.LIBRARY), complaint);
    assertEquals(Optional.empty(), none.convolutions(ComputePrecision.FLOAT32));
    assertEquals(Optional.empty(), new CudnnLibrary(91900, "").complaint());
  }

  /** The library rounds to TF32 or not at all. */
  @Test
  void thePrecisionIsToldAsItIs() {
    CudnnLibrary there = new CudnnLibrary(91900, "");
    assertEquals(
        "cuDNN 91900 in float32", there.convolutions(ComputePrecision.FLOAT32).orElseThrow());
    assertEquals("cuDNN 91900 in tf32", there.convolutions(ComputePrecision.TF32).orElseThrow());
    assertEquals(
        "cuDNN 91900 in tf32", there.convolutions(ComputePrecision.BFLOAT16).orElseThrow());
  }

  @Test
  void itIsTriedBeforeItIsTaken() {
    StandIn driver = StandIn.fresh();
    long live = driver.count("cudnn live");
    try (CudaDevice device = StandIn.device()) {
      CudnnLibrary none = CudnnLibrary.load(device);
      assertFalse(none.isThere());
      assertTrue(none.absence().contains(CudnnLibrary.LIBRARY), none.absence());
      assertTrue(StandIn.withCudnn(() -> CudnnLibrary.load(device)).isThere());
      assertEquals(live, driver.count("cudnn live"), "what it was tried with is freed");
    }
  }

  @Test
  void aKindNamesWhatItsBitsDependOn() {
    StandIn.fresh();
    try (CudaDevice device = StandIn.device()) {
      CudaKind kind = new CudaKind(device);
      assertEquals("products of Penstock's", kind.products());
      String complaint = kind.complaint().orElseThrow();
      assertTrue(
          complaint.contains(CublasLibrary.LIBRARY) && complaint.contains(CudnnLibrary.LIBRARY),
          complaint);
      assertEquals(
          "products of Penstock's, cuDNN 91900 in float32", StandIn.withCudnn(kind::products));
      assertEquals(Optional.empty(), StandIn.withCudnn(() -> StandIn.withCublas(kind::complaint)));
    }
  }
}
