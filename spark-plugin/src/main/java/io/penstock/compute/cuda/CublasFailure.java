package io.penstock.compute.cuda;

import java.util.Map;

/** What cuBLASLt says when it fails, in words. Stateless. */
final class CublasFailure {
  /** cublasStatus_t; its function that tells names is missing in CUDA 11.0. */
  private static final Map<Integer, String> NAMES =
      Map.of(
          1, "CUBLAS_STATUS_NOT_INITIALIZED",
          3, "CUBLAS_STATUS_ALLOC_FAILED",
          7, "CUBLAS_STATUS_INVALID_VALUE",
          8, "CUBLAS_STATUS_ARCH_MISMATCH",
          11, "CUBLAS_STATUS_MAPPING_ERROR",
          13, "CUBLAS_STATUS_EXECUTION_FAILED",
          14, "CUBLAS_STATUS_INTERNAL_ERROR",
          15, "CUBLAS_STATUS_NOT_SUPPORTED",
          16, "CUBLAS_STATUS_LICENSE_ERROR");

  private static final int ALLOC_FAILED = 3;
  private static final int EXECUTION_FAILED = 13;

  private CublasFailure() {}

  /**
   * Does nothing for a good result.
   *
   * @param call the library's function, without its prefix
   * @param what it was to do
   * @throws CudaException for any other
   */
  static void check(int result, String call, Object what) {
    if (result != Cublas.SUCCESS) {
      throw of(result, call, what);
    }
  }

  /** Returns the library's own name of a result. */
  static String name(int result) {
    return NAMES.getOrDefault(result, "result " + result);
  }

  private static CudaException of(int result, String call, Object what) {
    Trouble trouble =
        switch (result) {
          case ALLOC_FAILED -> Trouble.MEMORY;
          case EXECUTION_FAILED -> Trouble.LOST;
          default -> Trouble.CALL;
        };
    return new CudaException(
        trouble,
        "cublasLt"
            + call
            + " failed for "
            + what
            + ": "
            + name(result)
            + ". "
            + trouble.advice()
            + " To do without cuBLASLt, set the system property "
            + CublasLibrary.LIBRARY
            + " to "
            + CublasLibrary.NONE
            + ".");
  }
}
