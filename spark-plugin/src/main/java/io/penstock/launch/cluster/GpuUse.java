package io.penstock.launch.cluster;

import java.util.Arrays;
import java.util.List;

/** Use of GPUs by a run: required, where there are such, or never. */
public enum GpuUse {
  /**
   * A GPU for every stage, of its own and usable; a run that lacks one is refused before its job
   * starts.
   */
  REQUIRED("true"),
  /** A stage that Spark gives a GPU that can be used takes it; the others take the CPU. */
  AUTO("auto"),
  /** No GPU: the run computes on the CPU, also where GPUs are. */
  NEVER("false");

  private final String id;

  GpuUse(String id) {
    this.id = id;
  }

  /** Returns its name in params: true, auto or false. */
  public String id() {
    return id;
  }

  /** Returns the names of all. */
  public static List<String> ids() {
    return Arrays.stream(values()).map(GpuUse::id).toList();
  }

  /**
   * Returns the one of this name, in either case.
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
