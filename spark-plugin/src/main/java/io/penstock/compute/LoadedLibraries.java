package io.penstock.compute;

import com.sun.jna.Function;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.dnnl.dnnl_version_t;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;

/**
 * Versions and instruction sets of the kernel libraries that this process has loaded, as they tell
 * them. Stateless.
 */
final class LoadedLibraries {
  /** OpenBLAS's kernels for AVX2 and better; all others are of before 2013. */
  static final Set<String> FAST =
      Set.of("Haswell", "Zen", "SkylakeX", "Cooperlake", "SapphireRapids");

  /** Instruction sets by the numbers that oneDNN gives them for users. */
  private static final Map<Integer, String> INSTRUCTION_SETS =
      Map.of(
          0x1, "sse41",
          0x3, "avx",
          0x7, "avx2",
          0xf, "avx2_vnni",
          0x27, "avx512_core",
          0x67, "avx512_core_vnni",
          0xe7, "avx512_core_bf16",
          0x1ef, "avx512_core_fp16",
          0xfef, "avx512_core_amx");

  private static final Pattern VERSION = Pattern.compile("OpenBLAS (\\S+)");

  private LoadedLibraries() {}

  /** oneDNN's version and the instruction set that it keeps to; empty if there is none to load. */
  static Optional<String> oneDnn() {
    try {
      dnnl_version_t version = dnnl.dnnl_version();
      int set = dnnl.dnnl_get_effective_cpu_isa();
      return Optional.of(
          String.format(
              Locale.ROOT,
              "%d.%d.%d %s",
              version.major(),
              version.minor(),
              version.patch(),
              INSTRUCTION_SETS.getOrDefault(
                  set, String.format(Locale.ROOT, "instruction set 0x%x", set))));
    } catch (LinkageError none) {
      return Optional.empty();
    }
  }

  /** OpenBLAS's version and kernels, as it tells them; empty if it is another BLAS. */
  static Optional<String> openBlas() {
    Optional<String> kernels = said("openblas_get_corename");
    return said("openblas_get_config")
        .map(VERSION::matcher)
        .filter(Matcher::find)
        .map(found -> found.group(1))
        .flatMap(version -> kernels.map(name -> version + " " + name));
  }

  /** JavaCPP has no such functions: they are called where it has loaded them. */
  private static Optional<String> said(String function) {
    try {
      Pointer address = Loader.addressof(function);
      return address == null || address.isNull()
          ? Optional.empty()
          : Optional.ofNullable(
              Function.getFunction(new com.sun.jna.Pointer(address.address()))
                  .invokeString(new Object[0], false));
    } catch (LinkageError cannot) {
      return Optional.empty();
    }
  }
}
