package io.penstock.compute.cuda;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.LongByReference;
import io.penstock.Internal;
import io.penstock.compute.DeviceException;

/**
 * A failure of a GPU or its driver, with the call, the device and CUDA's own name of it. Immutable,
 * so that any thread may read it.
 */
@Internal
public final class CudaException extends DeviceException {
  private static final long serialVersionUID = 1L;

  private final Trouble trouble;

  CudaException(Trouble trouble, String message) {
    this(trouble, message, null);
  }

  CudaException(Trouble trouble, String message, Throwable cause) {
    super(trouble.kind(), message, cause);
    this.trouble = trouble;
  }

  /** Returns what is wrong. */
  public Trouble trouble() {
    return trouble;
  }

  /**
   * Does nothing for a good result.
   *
   * @param call the driver's function
   * @param where on which device
   * @throws CudaException for any other
   */
  static void check(int result, String call, Object where) {
    if (result != 0) {
      throw of(result, call, where, "", null);
    }
  }

  /**
   * Failure of a call.
   *
   * @param details what else is known of it, as sentences; may be empty
   * @param before another that led to this one; null for none
   */
  static CudaException of(
      int result, String call, Object where, String details, CudaException before) {
    Trouble trouble = Trouble.of(result);
    return new CudaException(
        trouble,
        call
            + " failed on "
            + where
            + ": "
            + name(result)
            + ". "
            + (details.isEmpty() ? "" : details + " ")
            + trouble.advice(),
        before);
  }

  private static String name(int result) {
    LongByReference place = new LongByReference();
    if (Driver.cuGetErrorName(result, place) != 0 || place.getValue() == 0) {
      return "result " + result + ", which this driver has no name for";
    }
    String name = new Pointer(place.getValue()).getString(0);
    return Driver.cuGetErrorString(result, place) != 0 || place.getValue() == 0
        ? name
        : name + " (" + new Pointer(place.getValue()).getString(0) + ")";
  }
}
