package io.penstock.device;

import io.penstock.Internal;
import java.io.Serializable;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A GPU's compute capability, by which its machine code goes. Immutable.
 *
 * @param major of the architecture: 7 is Volta and Turing, 8 Ampere and Ada, 9 Hopper
 * @param minor within it
 */
@Internal
public record Capability(int major, int minor) implements Comparable<Capability>, Serializable {
  private static final Pattern TEXT = Pattern.compile("(\\d+)\\.(\\d+)");

  /**
   * The oldest capability that nd4j-cuda-11.6 1.0.0-M2.1 holds machine code for; it holds no PTX,
   * from which a driver could make code for a newer GPU.
   */
  static final Capability OLDEST = new Capability(3, 7);

  /**
   * The newest capability that it holds machine code for, which also runs on 8.9: within a major
   * number, code runs on every later minor one.
   */
  static final Capability NEWEST = new Capability(8, 6);

  /** The oldest capability that the kernels' PTX is for; drivers make code of it for newer ones. */
  static final Capability OLDEST_OF_KERNELS = new Capability(7, 5);

  /** The first capability whose matrix units take factors in TF32 and bfloat16. */
  public static final Capability NARROW_FACTORS = new Capability(8, 0);

  /**
   * Reads a capability as nvidia-smi writes it, such as {@code 8.6}.
   *
   * @throws IllegalArgumentException if the text is no such number
   */
  public static Capability parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is no compute capability; it must be like 8.6.");
    }
    return new Capability(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
  }

  /** Reason why Penstock's kernels cannot run on such a GPU; empty if they can. */
  Optional<String> cudaProblem() {
    return compareTo(OLDEST_OF_KERNELS) >= 0
        ? Optional.empty()
        : Optional.of(
            "its compute capability is "
                + this
                + ", and Penstock's kernels are for "
                + OLDEST_OF_KERNELS
                + " (Turing) and newer. Take such a GPU, ND4J's CUDA backend (nd4j-cuda-11.6, mvn"
                + " -Pcuda), which runs on 3.7 to 8.9, or train on the CPU: requireGpu false");
  }

  /** Reason why ND4J's CUDA backend cannot run on such a GPU; empty if it can. */
  Optional<String> nd4jProblem() {
    if (compareTo(OLDEST) >= 0 && major <= NEWEST.major) {
      return Optional.empty();
    }
    return Optional.of(
        "its compute capability is "
            + this
            + (major > NEWEST.major ? architecture() : "")
            + ", and ND4J's CUDA backend (nd4j-cuda-11.6 1.0.0-M2.1) holds machine code for "
            + OLDEST
            + " to "
            + NEWEST
            + " only, which runs up to 8.9, and no PTX to make more of. Take a GPU of those (Kepler"
            + " K80 to Ada), spark.penstock.backend=cuda, or train on the CPU: requireGpu false");
  }

  private String architecture() {
    return switch (major) {
      case 9 -> " (Hopper)";
      case 10, 12 -> " (Blackwell)";
      default -> "";
    };
  }

  @Override
  public int compareTo(Capability other) {
    return Comparator.comparingInt(Capability::major)
        .thenComparingInt(Capability::minor)
        .compare(this, other);
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
