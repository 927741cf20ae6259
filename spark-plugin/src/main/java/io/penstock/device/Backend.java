package io.penstock.device;

import io.penstock.Internal;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Way by which stages compute on the GPUs that Spark gives them: the word of {@code
 * spark.penstock.backend}. Immutable.
 */
@Internal
public enum Backend {
  /**
   * Through CUDA's driver on every GPU that can be used so; on others by ND4J's CUDA backend, where
   * its jars are there and it can.
   */
  AUTO,
  /** Through CUDA's driver, with kernels of Penstock's own. A process may use the CPU beside it. */
  CUDA,
  /** By ND4J's CUDA backend, which a process has in place of ND4J's for the CPU. */
  ND4J_CUDA,
  /** Not on GPUs. */
  CPU;

  /** The word of the setting: {@code auto}, {@code cuda}, {@code nd4j-cuda} or {@code cpu}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * The value of this word.
   *
   * @throws IllegalArgumentException if there is none; the message lists the words
   */
  public static Backend named(String word) {
    List<Backend> all = Arrays.asList(values());
    return all.stream()
        .filter(one -> one.id().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Unknown backend '"
                        + word
                        + "'; use one of "
                        + String.join(", ", all.stream().map(Backend::id).toList())
                        + "."));
  }
}
