package io.penstock.launch.cluster;

import io.penstock.Bytes;
import io.penstock.Internal;
import io.penstock.compute.Arithmetic;
import io.penstock.device.Device;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Arithmetic of a rank: the processor or GPU, and the kernels that it computes with. Immutable.
 *
 * @param line all of it in words
 * @param kind all of it that the bits of a result depend on: ranks of one kind compute alike
 * @param model all of it that its speed depends on: ranks of one model are as quick as each other
 */
@Internal
public record RankArithmetic(String line, String kind, String model) implements Serializable {
  private static final String ADVICE =
      ". --conf spark.penstock.compute.isa=avx2 (or avx512, where all have it) holds all to the"
          + " same instruction set; caches, threads and GPUs are alike only on machines that are.";

  /** Returns the arithmetic of this process, without a GPU. */
  static RankArithmetic here(int threads) {
    Arithmetic here = Arithmetic.here(threads);
    return new RankArithmetic(
        here.line(), here.kind(), here.processor().name() + ", " + here.kind());
  }

  /**
   * Returns the arithmetic of a rank on a GPU.
   *
   * @param way to compute on it, with all that bits depend on beside its capability
   */
  static RankArithmetic on(Device device, String way) {
    String capability = " of compute capability " + device.capability() + " " + way;
    String model = device.name() + capability;
    return new RankArithmetic(
        "computes with " + Device.nameOf(device.address()) + ", " + model,
        "a GPU" + capability,
        model + ", " + new Bytes(device.memoryBytes()));
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
   * Compares the arithmetic of a run's ranks with each other, and with what the run goes on from.
   *
   * @param before kinds that the numbers of its checkpoint come from; empty where it begins anew
   * @param ranks by rank
   * @return what the last bits depend on, and why; empty if all compute alike
   */
  public static Optional<String> difference(List<String> before, List<RankArithmetic> ranks) {
    Set<String> now =
        ranks.stream().map(RankArithmetic::kind).collect(Collectors.toCollection(TreeSet::new));
    List<String> told = new ArrayList<>();
    if (now.size() > 1) {
      told.add(
          "the ranks do not compute alike, so the last bits of losses and weights depend on where"
              + " the network is cut: "
              + words(ranks.stream().map(one -> "has " + one.kind()).toList()));
    }
    if (!before.isEmpty() && !now.equals(Set.copyOf(before))) {
      told.add(
          "the ranks do not compute as those whose checkpoint they go on from, so the last bits of"
              + " losses and weights are not those of an undisturbed run: those had "
              + String.join("; or ", before)
              + "; these have "
              + String.join("; or ", now));
    }
    return told.isEmpty() ? Optional.empty() : Optional.of(String.join("; and ", told) + ADVICE);
  }
}
