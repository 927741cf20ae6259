package io.penstock.device;

import io.penstock.Internal;
import java.util.Locale;
import java.util.Optional;

/**
 * A class of processors by the widest vectors that their single precision kernels use. Within a
 * class the same kernels run, on whoever's processor, so that they give the same bits. Immutable.
 */
@Internal
public enum InstructionSet {
  /** Neither of the others, or no x86-64, or not known: the libraries choose by themselves. */
  OTHER("other", null, null),
  /** AVX2 with FMA: vectors of 256 bits. */
  AVX2("avx2", "AVX2", "Haswell"),
  /** AVX-512 F, BW, DQ and VL: vectors of 512 bits. */
  AVX512("avx512", "AVX512_CORE", "SkylakeX");

  private final String word;
  private final String oneDnn;
  private final String openBlas;

  InstructionSet(String word, String oneDnn, String openBlas) {
    this.word = word;
    this.oneDnn = oneDnn;
    this.openBlas = openBlas;
  }

  /**
   * oneDNN's name of the set, for {@code ONEDNN_MAX_CPU_ISA}; empty for {@link #OTHER}. For AVX-512
   * it is the oldest of its kinds: the newer ones add bfloat16 and tiles, which no float32 kernel
   * uses, and would tell processors apart that compute alike.
   */
  public Optional<String> oneDnn() {
    return Optional.ofNullable(oneDnn);
  }

  /**
   * OpenBLAS's name of its kernels for the set, for {@code OPENBLAS_CORETYPE}; empty for {@link
   * #OTHER}. Every processor of the class runs them, also one that is younger than the library, for
   * which it would fall back to kernels of 2004. Not Cooperlake's: its double products are wrong in
   * 0.3.19.
   */
  public Optional<String> openBlas() {
    return Optional.ofNullable(openBlas);
  }

  /**
   * Reads the word of {@code spark.penstock.compute.isa}.
   *
   * @return the set that all processes are to compute with; empty for {@code auto}, each with the
   *     best that it has
   * @throws IllegalArgumentException for another word, with those that there are
   */
  public static Optional<InstructionSet> asked(String text) {
    String wanted = text.strip().toLowerCase(Locale.ROOT);
    for (InstructionSet set : new InstructionSet[] {AVX2, AVX512}) {
      if (set.word.equals(wanted)) {
        return Optional.of(set);
      }
    }
    if (wanted.equals("auto")) {
      return Optional.empty();
    }
    throw new IllegalArgumentException(
        "spark.penstock.compute.isa is '"
            + text
            + "', which is no instruction set that kernels can be held to. Set auto (the best that"
            + " each processor has), avx2 or avx512.");
  }

  /** Returns the word of the setting. */
  @Override
  public String toString() {
    return word;
  }
}
