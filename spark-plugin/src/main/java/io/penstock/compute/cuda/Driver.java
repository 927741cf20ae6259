package io.penstock.compute.cuda;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;

/**
 * Functions of CUDA's driver, as cuda.h declares them: whole numbers and the results are int,
 * sizes, handles and addresses are long. They are bound when they are first wanted, once for all of
 * the process. Thread-safe.
 */
final class Driver {
  /** System property: path or name of the driver's library, where it is not the system's. */
  static final String LIBRARY = "penstock.cuda.driver";

  /** The stream of whichever thread calls, CU_STREAM_PER_THREAD. */
  static final long OWN_STREAM = 2;

  private static final String LINUX = "libcuda.so.1";
  private static final String WINDOWS = "nvcuda";

  private Driver() {}

  /**
   * Binds the driver's library and initialises it, unless that is done.
   *
   * @throws CudaException if there is no driver on this machine, or no GPU that it knows
   */
  static void load() {
    bind(library());
    CudaException.check(cuInit(0), "cuInit", "this machine");
  }

  private static String library() {
    boolean windows = System.getProperty("os.name").startsWith("Windows");
    return System.getProperty(LIBRARY, windows ? WINDOWS : LINUX);
  }

  private static synchronized void bind(String library) {
    try {
      if (!Native.registered(Driver.class)) {
        Native.register(Driver.class, NativeLibrary.getInstance(library));
      }
    } catch (VirtualMachineError e) {
      throw e;
    } catch (Error absent) { // of JNA's own library too, when it cannot be unpacked or is another's
      throw new CudaException(
          Trouble.DRIVER,
          "NVIDIA's driver cannot be used: its library "
              + library
              + " does not load ("
              + words(absent)
              + "). "
              + Trouble.DRIVER.advice(),
          absent);
    }
  }

  /** Returns what went wrong, without JNA's search of the class path, where no driver lies. */
  private static String words(Error absent) {
    return String.valueOf(absent.getMessage()).replaceFirst("(?s)[:\\s]*Native library \\(.*", "");
  }

  /** Writes a device's 16 bytes of UUID; of a part of a GPU (MIG) its own, where drivers tell. */
  static int uuid(byte[] uuid, int device) {
    try {
      return NativeLibrary.getInstance(library())
          .getFunction("cuDeviceGetUuid_v2")
          .invokeInt(new Object[] {uuid, device});
    } catch (UnsatisfiedLinkError before114) { // CUDA 11.4
      return cuDeviceGetUuid(uuid, device);
    }
  }

  static native int cuInit(int flags);

  static native int cuDriverGetVersion(IntByReference version);

  static native int cuGetErrorName(int result, LongByReference name);

  static native int cuGetErrorString(int result, LongByReference words);

  static native int cuDeviceGetCount(IntByReference count);

  static native int cuDeviceGet(IntByReference device, int ordinal);

  static native int cuDeviceGetName(byte[] name, int length, int device);

  static native int cuDeviceGetUuid(byte[] uuid, int device);

  static native int cuDeviceGetPCIBusId(byte[] id, int length, int device);

  static native int cuDeviceTotalMem_v2(LongByReference bytes, int device);

  static native int cuDeviceGetAttribute(IntByReference value, int attribute, int device);

  static native int cuDevicePrimaryCtxRetain(LongByReference context, int device);

  static native int cuDevicePrimaryCtxRelease_v2(int device);

  static native int cuCtxSetCurrent(long context);

  static native int cuCtxSynchronize();

  static native int cuMemGetInfo_v2(LongByReference free, LongByReference total);

  static native int cuMemAlloc_v2(LongByReference address, long bytes);

  static native int cuMemFree_v2(long address);

  static native int cuMemHostAlloc(LongByReference address, long bytes, int flags);

  static native int cuMemFreeHost(long address);

  static native int cuMemcpyHtoDAsync_v2(long device, long host, long bytes, long stream);

  static native int cuMemcpyDtoHAsync_v2(long host, long device, long bytes, long stream);

  static native int cuMemcpyDtoDAsync_v2(long to, long from, long bytes, long stream);

  static native int cuMemsetD8Async(long at, byte value, long count, long stream);

  static native int cuMemsetD32Async(long at, int value, long count, long stream);

  static native int cuStreamCreate(LongByReference stream, int flags);

  static native int cuStreamDestroy_v2(long stream);

  static native int cuStreamSynchronize(long stream);

  static native int cuStreamWaitEvent(long stream, long event, int flags);

  static native int cuEventCreate(LongByReference event, int flags);

  static native int cuEventDestroy_v2(long event);

  static native int cuEventRecord(long event, long stream);

  static native int cuEventSynchronize(long event);

  static native int cuEventQuery(long event);

  static native int cuModuleLoadDataEx(
      LongByReference module, byte[] image, int count, long options, long values);

  static native int cuModuleUnload(long module);

  static native int cuModuleGetFunction(LongByReference function, long module, String name);

  static native int cuLaunchKernel(
      long function,
      int gridX,
      int gridY,
      int gridZ,
      int blockX,
      int blockY,
      int blockZ,
      int sharedBytes,
      long stream,
      long parameters,
      long extra);
}
