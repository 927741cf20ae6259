package io.penstock.launch.cluster;

import io.penstock.Internal;
import io.penstock.compute.Arithmetic;
import io.penstock.device.Device;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Arithmetic of a rank: the processor or GPU, and the kernels that it computes with. Immutable.
 *
 * @param line all of it in words
 * @param kind all of it that the bits of a result depend on: ranks of one kind compute alike
 */
@Internal
public record RankArithmetic(String line, String kind) implements Serializable {
  /** Returns the arithmetic of this process, without a GPU. */
  static RankArithmetic here(int threads) {
    Arithmetic here = Arithmetic.here(threads);
    return new RankArithmetic(here.line(), here.kind());
  }

  /** Returns the arithmetic of a rank on a GPU. */
  static RankArithmetic on(Device device) {
    String kind = "a GPU of compute capability " + device.gpu().capability();
    return new RankArithmetic(
        String.format(Locale.ROOT, "computes with GPU %s, %s", device.address(), kind), kind);
  }

  /**
   * Returns the arithmetic of all ranks in words: once if it is the same for all.
   *
   * @param lines by rank; may be empty
   */
  public static String words(List<String> lines) {
    Map<String, List<Integer>> whose = new LinkedHashMap<>();
    for (int rank = 0; rank < lines.size(); rank++) {
      whose.computeIfAbsent(lines.get(rank), line -> new ArrayList<>()).add(rank);
    }
    return whose.size() == 1
        ? lines.get(0)
        : whose.entrySet().stream()
            .map(entry -> names(entry.getValue()) + " " + entry.getKey())
            .collect(Collectors.joining("; "));
  }

  private static String names(List<Integer> ranks) {
    return ranks.stream()
        .map(String::valueOf)
        .collect(Collectors.joining(", ", ranks.size() == 1 ? "rank " : "ranks ", ""));
  }

  /**
   * Compares the arithmetic of a run's ranks.
   *
   * @param ranks by rank
   * @return that bits depend on the cut, and why; empty if all compute alike
   */
  public static Optional<String> difference(List<RankArithmetic> ranks) {
    if (ranks.stream().map(RankArithmetic::kind).distinct().count() < 2) {
      return Optional.empty();
    }
    return Optional.of(
        "the ranks do not compute alike, so the last bits of losses and weights depend on where the"
            + " network is cut: "
            + words(ranks.stream().map(one -> "has " + one.kind()).toList())
            + ". --conf spark.penstock.compute.isa=avx2 (or avx512, where all have it) holds all to"
            + " the same instruction set; caches, threads and GPUs are alike only on machines that"
            + " are.");
  }
}
