package io.penstock.compute.cuda;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.LongByReference;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Kernels that a device has loaded, by their names. A file of them is loaded when one of its
 * kernels is first asked for: then the driver compiles it, or finds that it has done so before.
 * Thread-safe.
 */
final class LoadedKernels {
  private static final int ERROR_LOG = 5;
  private static final int ERROR_LOG_BYTES = 6;
  private static final int LOG_BYTES = 8 << 10;

  private final CudaDevice device;
  private final Supplier<List<Ptx>> all;

  /** By the names of the kernels in them; empty until the first is asked for. */
  private final Map<String, Ptx> files = new HashMap<>();

  private final Map<String, Long> modules = new HashMap<>();
  private final Map<String, Kernel> kernels = new HashMap<>();

  /** Names that launchers have asked for since they were last taken. */
  private Set<String> asked = new TreeSet<>();

  LoadedKernels(CudaDevice device, Supplier<List<Ptx>> all) {
    this.device = device;
    this.all = all;
  }

  /**
   * Returns a kernel, loaded.
   *
   * @throws IllegalStateException if no kernel of that name was compiled
   * @throws CudaException if the driver cannot load it
   */
  synchronized Kernel get(String name) {
    asked.add(name);
    Kernel known = kernels.get(name);
    if (known == null) {
      known = load(name);
      kernels.put(name, known);
    }
    return known;
  }

  /**
   * Returns the names of the kernels that were asked for since this was last called: by each
   * launcher when it first launches one.
   */
  synchronized Set<String> takeAsked() {
    Set<String> taken = asked;
    asked = new TreeSet<>();
    return taken;
  }

  private Kernel load(String name) {
    if (files.isEmpty()) {
      for (Ptx each : all.get()) {
        each.parameters().keySet().forEach(kernel -> files.put(kernel, each));
      }
    }
    Ptx file = files.get(name);
    if (file == null) {
      throw new IllegalStateException(
          "No kernel "
              + name
              + " was compiled; there are "
              + files.keySet().stream().sorted().toList());
    }
    device.enter();
    LongByReference function = new LongByReference();
    int result = Driver.cuModuleGetFunction(function, module(file), name);
    if (result != 0) {
      throw device.failure(
          result,
          "cuModuleGetFunction",
          "It is the kernel " + name + " of " + file.file() + " that was looked for.");
    }
    return new Kernel(name, function.getValue(), file.parameters().get(name));
  }

  private long module(Ptx file) {
    Long loaded = modules.get(file.file());
    if (loaded == null) {
      loaded = load(file);
      modules.put(file.file(), loaded);
    }
    return loaded;
  }

  private long load(Ptx file) {
    byte[] text = file.text().getBytes(StandardCharsets.UTF_8);
    Memory log = new Memory(LOG_BYTES);
    log.clear();
    Memory options = new Memory(2L * Integer.BYTES);
    options.setInt(0, ERROR_LOG);
    options.setInt(Integer.BYTES, ERROR_LOG_BYTES);
    Memory values = new Memory(2L * Long.BYTES);
    values.setPointer(0, log);
    values.setLong(Long.BYTES, LOG_BYTES);
    LongByReference module = new LongByReference();
    int result =
        Driver.cuModuleLoadDataEx(
            module,
            Arrays.copyOf(text, text.length + 1), // ends with 0
            2,
            Pointer.nativeValue(options),
            Pointer.nativeValue(values));
    if (result != 0) {
      throw device.failure(
          result,
          "cuModuleLoadDataEx",
          "The driver says of " + file.file() + ": '" + log.getString(0).strip() + "'.");
    }
    return module.getValue();
  }

  /** Unloads all, when nobody runs one any more. */
  synchronized void close() {
    modules.values().forEach(Driver::cuModuleUnload);
    modules.clear();
    kernels.clear();
  }
}
