package io.penstock.compute.cuda;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class CudnnFailureTest {
  @Test
  void whatIsNotSupportedIsNoFailureInEitherVersion() {
    for (int result : List.of(9, 3000, 3002, 3014)) {
      assertTrue(CudnnFailure.isUnsupported(result), "result " + result);
    }
    for (int result : List.of(0, 1, 3, 8, 1008, 2000, 4004, 5000)) {
      assertFalse(CudnnFailure.isUnsupported(result), "result " + result);
    }
  }
}
