package io.penstock.device;

import io.penstock.Internal;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A processor, as far as the bits that its kernels make and their speed depend on it. Immutable.
 *
 * @param name as it calls itself, such as {@code AMD EPYC 9R14}
 * @param best the best instruction set that it has
 * @param caches what a core has of each level, in KiB, such as {@code 32/1024/4096}: oneDNN cuts
 *     its sums by them. Empty if it is not known
 */
@Internal
public record Processor(String name, InstructionSet best, String caches) implements Serializable {
  private static final Path FACTS = Path.of("/proc/cpuinfo");
  private static final Path CACHES = Path.of("/sys/devices/system/cpu/cpu0/cache");
  private static final Set<String> AVX2 = Set.of("avx2", "fma");
  private static final Set<String> AVX512 =
      Set.of("avx2", "fma", "avx512f", "avx512bw", "avx512dq", "avx512vl");

  /**
   * Holder of this machine's processor: it stays the same while the process lives, and to read of
   * many cores takes time.
   */
  private static final class Here {
    static final Processor PROCESSOR = read();
  }

  /**
   * Returns the processor that this process runs on, as Linux tells; elsewhere only its
   * architecture is known.
   */
  public static Processor here() {
    return Here.PROCESSOR;
  }

  private static Processor read() {
    String architecture = System.getProperty("os.arch");
    try {
      return parse(Files.readString(FACTS), architecture, caches(CACHES));
    } catch (IOException notLinux) {
      return parse("", architecture, "");
    }
  }

  /**
   * Reads {@code /proc/cpuinfo}, of which the first processor counts.
   *
   * @param facts the file's text
   * @param architecture what it is called where the file does not name it
   */
  static Processor parse(String facts, String architecture, String caches) {
    Set<String> flags =
        new HashSet<>(Arrays.asList(field(facts, "flags").orElse("").split("\\s+")));
    return new Processor(
        field(facts, "model name").orElse(architecture + " processor"),
        flags.containsAll(AVX512)
            ? InstructionSet.AVX512
            : flags.containsAll(AVX2) ? InstructionSet.AVX2 : InstructionSet.OTHER,
        caches);
  }

  private static Optional<String> field(String facts, String name) {
    return facts
        .lines()
        .filter(line -> line.startsWith(name))
        .map(line -> line.split(":", 2))
        .filter(parts -> parts.length == 2 && parts[0].strip().equals(name))
        .map(parts -> parts[1].strip())
        .findFirst();
  }

  /**
   * Reads what Linux tells of the first core's caches: a folder each, {@code index0} and on.
   *
   * @return KiB a core by level, without those of instructions; empty if it cannot be read
   */
  static String caches(Path folder) {
    StringBuilder told = new StringBuilder();
    try {
      for (int index = 0; Files.isDirectory(folder.resolve("index" + index)); index++) {
        Path cache = folder.resolve("index" + index);
        if (!text(cache, "type").equals("Instruction")) {
          long sharing = shares(text(cache, "shared_cpu_list"));
          told.append(told.isEmpty() ? "" : "/").append(kibibytes(text(cache, "size")) / sharing);
        }
      }
    } catch (IOException | NumberFormatException unknown) {
      return "";
    }
    return told.toString();
  }

  private static String text(Path cache, String file) throws IOException {
    return Files.readString(cache.resolve(file)).strip();
  }

  private static long kibibytes(String size) {
    String number = size.replaceAll("[KMG]$", "");
    long factor = size.endsWith("G") ? 1L << 20 : size.endsWith("M") ? 1L << 10 : 1;
    return factor * Long.parseLong(number);
  }

  /** Counts the processors that a list such as {@code 0-3,8} names. */
  private static long shares(String list) {
    return List.of(list.split(",")).stream()
        .map(range -> range.strip().split("-"))
        .mapToLong(ends -> Long.parseLong(ends[ends.length - 1]) - Long.parseLong(ends[0]) + 1)
        .sum();
  }

  /** Returns whether this processor can run kernels for an instruction set. */
  public boolean has(InstructionSet set) {
    return set.compareTo(best) <= 0;
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, best == InstructionSet.OTHER ? "%s" : "%s (%s)", name, best);
  }
}
