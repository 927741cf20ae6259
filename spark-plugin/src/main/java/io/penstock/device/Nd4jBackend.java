package io.penstock.device;

import io.penstock.Internal;
import java.util.Locale;
import java.util.Optional;
import org.nd4j.common.config.ND4JClassLoading;
import org.nd4j.linalg.factory.Nd4j;

/**
 * ND4J's backends. A process has one, from ND4J's first call on and for ever, so it is chosen
 * before that, and what was chosen stands in a system property: it is as much process-wide as
 * ND4J's own choice. Thread-safe.
 */
@Internal
public enum Nd4jBackend {
  /** The processor. */
  CPU,
  /** NVIDIA's GPUs. */
  CUDA;

  private static final String CHOSEN = "io.penstock.backend";

  /** Returns this process's backend; empty if none is chosen yet. */
  public static Optional<Nd4jBackend> chosen() {
    return Optional.ofNullable(System.getProperty(CHOSEN)).map(Nd4jBackend::valueOf);
  }

  /**
   * Chooses this one for the process, unless one is chosen already.
   *
   * @return what the process has
   */
  public Nd4jBackend choose() {
    synchronized (Nd4jBackend.class) {
      if (chosen().isEmpty()) {
        if (this == CPU && Machine.hasCudaJars()) {
          // ND4J takes the backend of highest priority that finds a GPU, and has no setting.
          ND4JClassLoading.setNd4jClassloader(
              new CudaHidden(ND4JClassLoading.getNd4jClassloader()));
        }
        System.setProperty(CHOSEN, name());
      }
      return chosen().orElseThrow();
    }
  }

  /**
   * Returns the backend that ND4J has taken; loads it, which takes seconds. It is the CPU where
   * CUDA was chosen but does not load, and whatever there is where ND4J was loaded before anything
   * was chosen.
   */
  public static Nd4jBackend loaded() {
    Nd4jBackend taken = Nd4j.getEnvironment().isCPU() ? CPU : CUDA;
    System.setProperty(CHOSEN, taken.name()); // what was chosen may not have loaded
    return taken;
  }

  @Override
  public String toString() {
    return name().toUpperCase(Locale.ROOT);
  }
}
