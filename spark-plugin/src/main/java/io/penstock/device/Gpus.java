package io.penstock.device;

import io.penstock.Internal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The GPUs of a machine, or why there are none to be seen. Immutable.
 *
 * @param list by nvidia-smi's index
 * @param trouble why they could not be listed; empty if they could, be they none
 */
@Internal
public record Gpus(List<Gpu> list, Optional<String> trouble) {
  private static final int FIELDS = 5;
  private static final Pattern MEMORY = Pattern.compile("(\\d+) MiB");

  /** Copies the list. */
  public Gpus {
    list = List.copyOf(list);
  }

  /** No GPUs, for this reason. */
  static Gpus none(String why) {
    return new Gpus(List.of(), Optional.of(why));
  }

  /**
   * Reads what {@code nvidia-smi --query-gpu=index,uuid,compute_cap,memory.total,driver_version
   * --format=csv,noheader} prints, a line for each GPU: {@code 0, GPU-5c1e, 8.6, 24576 MiB,
   * 535.104.05}. A memory that it does not know becomes 0.
   */
  public static Gpus parse(String csv) {
    List<Gpu> found = new ArrayList<>();
    for (String line : csv.lines().filter(one -> !one.isBlank()).toList()) {
      String[] fields = line.strip().split("\\s*,\\s*");
      if (fields.length == 1 && fields[0].startsWith("No devices")) {
        return new Gpus(List.of(), Optional.empty());
      }
      try {
        found.add(gpu(fields));
      } catch (IllegalArgumentException unreadable) {
        return none(
            "nvidia-smi said '"
                + line.strip()
                + "', which is no index, UUID, compute capability, memory and driver version ("
                + unreadable.getMessage()
                + "). A GPU in such a state needs its machine's administrator.");
      }
    }
    return new Gpus(found, Optional.empty());
  }

  private static Gpu gpu(String[] fields) {
    if (fields.length != FIELDS) {
      throw new IllegalArgumentException(fields.length + " fields, not " + FIELDS);
    }
    Matcher memory = MEMORY.matcher(fields[3]);
    return new Gpu(
        Integer.parseInt(fields[0]),
        fields[1],
        Capability.parse(fields[2]),
        memory.matches() ? Long.parseLong(memory.group(1)) << 20 : 0,
        fields[4]);
  }

  /** Returns their indices and capabilities, for messages. */
  String names() {
    return list.isEmpty()
        ? "none"
        : list.stream()
            .map(gpu -> gpu.index() + " of compute capability " + gpu.capability())
            .collect(Collectors.joining(", "));
  }

  /**
   * Returns whether CUDA may number them in another order than nvidia-smi does: the fastest first.
   */
  boolean differ() {
    return list.stream().map(gpu -> gpu.capability() + " " + gpu.memoryBytes()).distinct().count()
        > 1;
  }
}
