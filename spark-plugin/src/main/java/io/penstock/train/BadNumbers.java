package io.penstock.train;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Answer to numbers that are NaN or infinite in a step of training. */
public enum BadNumbers {
  /** The run ends. */
  FAIL,
  /** The step is skipped: its gradients are thrown away, and nothing that was learnt changes. */
  SKIP;

  /** Returns the name as a setting: {@code fail} or {@code skip}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns all names, in the order of the values. */
  public static List<String> ids() {
    return Arrays.stream(values()).map(BadNumbers::id).toList();
  }

  /**
   * Returns the value of this name, in either case.
   *
   * @throws IllegalArgumentException if there is none; the message lists the names
   */
  public static BadNumbers named(String name) {
    return Arrays.stream(values())
        .filter(one -> one.id().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Unknown answer to bad numbers '"
                        + name
                        + "'; use one of "
                        + String.join(", ", ids())
                        + "."));
  }
}
