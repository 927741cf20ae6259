package io.penstock.compute;

import io.penstock.Internal;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import org.nd4j.linalg.api.buffer.DataType;

/** Compute backends that this installation has, found by Java's service loader. Thread-safe. */
@Internal
public final class ComputeKinds {
  private static final List<ComputeKind> ALL =
      ServiceLoader.load(ComputeKind.class, ComputeKind.class.getClassLoader()).stream()
          .map(ServiceLoader.Provider::get)
          .sorted(Comparator.comparingInt(ComputeKind::preference).reversed())
          .toList();

  private ComputeKinds() {}

  /** Returns all backends, the most preferred first. */
  public static List<ComputeKind> all() {
    return ALL;
  }

  /**
   * Returns the most preferred backend for numbers of a type.
   *
   * @throws IllegalArgumentException if none takes them
   */
  public static ComputeKind of(DataType type) {
    return ALL.stream()
        .filter(kind -> kind.takes(type))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Nothing here computes with numbers of type "
                        + type
                        + "; networks are of float, or of double."));
  }
}
