package io.penstock.launch.cluster;

import java.util.Arrays;
import java.util.List;

/** Whether a run computes on GPUs. */
public enum GpuUse {
  /** Refused before its job starts unless every stage gets a GPU of its own that can be used. */
  REQUIRED("true"),
  /** A stage that Spark gives a GPU that can be used takes it; the others take the CPU. */
  AUTO("auto"),
  /** On the CPU, also where GPUs are. */
  NEVER("false");

  private final String id;

  GpuUse(String id) {
    this.id = id;
  }

  /** What it is called in params: true, auto or false. */
  public String id() {
    return id;
  }

  /** What all are called. */
  public static List<String> ids() {
    return Arrays.stream(values()).map(GpuUse::id).toList();
  }

  /**
   * The one of this name, in either case.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static GpuUse named(String id) {
    return Arrays.stream(values())
        .filter(use -> use.id.equalsIgnoreCase(id))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "requireGpu is '"
                        + id
                        + "'; it must be one of "
                        + String.join(", ", ids())
                        + "."));
  }
}
