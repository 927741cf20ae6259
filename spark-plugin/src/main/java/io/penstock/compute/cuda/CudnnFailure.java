package io.penstock.compute.cuda;

/** What cuDNN says when it fails, in words. Stateless. */
final class CudnnFailure {
  /**
   * cudnnStatus_t of cuDNN 8: CUDNN_STATUS_ALLOC_FAILED, CUDNN_STATUS_EXECUTION_FAILED and
   * CUDNN_STATUS_NOT_SUPPORTED.
   */
  private static final int ALLOC_FAILED = 2;

  private static final int EXECUTION_FAILED = 8;
  private static final int NOT_SUPPORTED = 9;

  /**
   * Those of cuDNN 9, which numbers by kinds: CUDNN_STATUS_INTERNAL_ERROR_HOST_ALLOCATION_FAILED
   * and _DEVICE_ALLOCATION_FAILED; and the kinds, of a thousand each.
   */
  private static final int HOST_ALLOCATION_FAILED = 4003;

  private static final int DEVICE_ALLOCATION_FAILED = 4004;
  private static final int KIND = 1000;
  private static final int KIND_NOT_SUPPORTED = 3;
  private static final int KIND_EXECUTION_FAILED = 5;

  private CudnnFailure() {}

  /**
   * Does nothing for a good result.
   *
   * @param call the library's function, without its prefix
   * @param what it was to do
   * @throws CudaException for any other
   */
  static void check(int result, String call, Object what) {
    if (result != Cudnn.SUCCESS) {
      throw of(result, call, what);
    }
  }

  /**
   * Returns whether a result says that the library cannot do what is asked, which is no failure.
   */
  static boolean isUnsupported(int result) {
    return result == NOT_SUPPORTED || result / KIND == KIND_NOT_SUPPORTED;
  }

  private static Trouble trouble(int result) {
    return switch (result) {
      case ALLOC_FAILED, HOST_ALLOCATION_FAILED, DEVICE_ALLOCATION_FAILED -> Trouble.MEMORY;
      case EXECUTION_FAILED -> Trouble.LOST;
      default -> result / KIND == KIND_EXECUTION_FAILED ? Trouble.LOST : Trouble.CALL;
    };
  }

  private static CudaException of(int result, String call, Object what) {
    Trouble trouble = trouble(result);
    return new CudaException(
        trouble,
        "cudnn"
            + call
            + " failed for "
            + what
            + ": "
            + Cudnn.cudnnGetErrorString(result)
            + " ("
            + result
            + "). "
            + trouble.advice()
            + " To do without cuDNN, set the system property "
            + CudnnLibrary.LIBRARY
            + " to "
            + CudnnLibrary.NONE
            + ".");
  }
}
