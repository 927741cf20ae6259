package io.penstock.compute.cuda;

import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import io.penstock.Internal;
import io.penstock.device.Capability;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/**
 * GPU as CUDA's driver tells of it to this process, which need not use it. Immutable.
 *
 * @param ordinal CUDA's number of it in this process, from 0
 * @param uuid its name for ever, {@code GPU-...}
 * @param name the product's
 * @param bus its place on the PCI bus, such as {@code 0000:01:00.0}
 * @param memoryBytes all the memory that it has
 */
@Internal
public record CudaGpu(
    int ordinal, String uuid, String name, String bus, Capability capability, long memoryBytes) {
  /** The oldest capability that kernels are compiled for: Turing. */
  static final Capability OLDEST = new Capability(7, 5);

  private static final int MAJOR = 75;
  private static final int MINOR = 76;
  private static final int TEXT_BYTES = 256;
  private static final int UUID_BYTES = 16;

  /**
   * Lists the GPUs that this process may use, by their ordinals.
   *
   * @throws CudaException if there is no driver, or no GPU that it knows
   */
  public static List<CudaGpu> all() {
    Driver.load();
    IntByReference count = new IntByReference();
    CudaException.check(Driver.cuDeviceGetCount(count), "cuDeviceGetCount", "this machine");
    List<CudaGpu> all = new ArrayList<>();
    for (int ordinal = 0; ordinal < count.getValue(); ordinal++) {
      all.add(told(ordinal));
    }
    return all;
  }

  /**
   * Finds a GPU by its ordinal.
   *
   * @throws CudaException if there is none of that number
   */
  public static CudaGpu at(int ordinal) {
    List<CudaGpu> all = all();
    if (ordinal < 0 || ordinal >= all.size()) {
      throw absent("ordinal " + ordinal, all);
    }
    return all.get(ordinal);
  }

  /**
   * Finds a GPU by its UUID.
   *
   * @param uuid as nvidia-smi writes it, {@code GPU-...}, or {@code MIG-...} for a part of one;
   *     letters in either case
   * @throws CudaException if this process sees none of that UUID
   */
  public static CudaGpu of(String uuid) {
    List<CudaGpu> all = all();
    return all.stream()
        .filter(gpu -> number(gpu.uuid).equalsIgnoreCase(number(uuid)))
        .findFirst()
        .orElseThrow(() -> absent("UUID " + uuid, all));
  }

  /** Returns a UUID without the word before it, which CUDA does not tell. */
  private static String number(String uuid) {
    return uuid.substring(uuid.indexOf('-') + 1);
  }

  private static CudaException absent(String wanted, List<CudaGpu> all) {
    return new CudaException(
        Trouble.DRIVER,
        "There is no GPU of "
            + wanted
            + "; CUDA shows this process "
            + all
            + ". CUDA_VISIBLE_DEVICES may hide it. "
            + Trouble.DRIVER.advice());
  }

  private static CudaGpu told(int ordinal) {
    String where = "GPU " + ordinal;
    IntByReference handle = new IntByReference();
    CudaException.check(Driver.cuDeviceGet(handle, ordinal), "cuDeviceGet", where);
    int device = handle.getValue();
    byte[] name = new byte[TEXT_BYTES];
    CudaException.check(
        Driver.cuDeviceGetName(name, name.length, device), "cuDeviceGetName", where);
    byte[] bus = new byte[TEXT_BYTES];
    CudaException.check(
        Driver.cuDeviceGetPCIBusId(bus, bus.length, device), "cuDeviceGetPCIBusId", where);
    byte[] uuid = new byte[UUID_BYTES];
    CudaException.check(Driver.uuid(uuid, device), "cuDeviceGetUuid", where);
    LongByReference bytes = new LongByReference();
    CudaException.check(Driver.cuDeviceTotalMem_v2(bytes, device), "cuDeviceTotalMem", where);
    return new CudaGpu(
        ordinal,
        "GPU-" + inWords(uuid),
        text(name),
        text(bus),
        new Capability(attribute(MAJOR, device, where), attribute(MINOR, device, where)),
        bytes.getValue());
  }

  private static int attribute(int attribute, int device, String where) {
    IntByReference value = new IntByReference();
    CudaException.check(
        Driver.cuDeviceGetAttribute(value, attribute, device), "cuDeviceGetAttribute", where);
    return value.getValue();
  }

  private static String inWords(byte[] uuid) {
    ByteBuffer bytes = ByteBuffer.wrap(uuid);
    return new UUID(bytes.getLong(), bytes.getLong()).toString();
  }

  private static String text(byte[] bytes) {
    int length = 0;
    while (length < bytes.length && bytes[length] != 0) {
      length++;
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  /**
   * Does nothing where our kernels run on this GPU.
   *
   * @throws CudaException if it is older than what they are compiled for
   */
  void refuseTooOld() {
    if (capability.compareTo(OLDEST) < 0) {
      throw new CudaException(
          Trouble.CAPABILITY,
          String.format(
              Locale.ROOT,
              "%s cannot be used: its compute capability is %s, and the kernels are compiled for"
                  + " %s and newer. %s",
              this,
              capability,
              OLDEST,
              Trouble.CAPABILITY.advice()));
    }
  }

  /** Returns its number, name and UUID, for the log and for errors. */
  @Override
  public String toString() {
    return "GPU " + ordinal + " (" + name + ", " + uuid + ")";
  }
}
