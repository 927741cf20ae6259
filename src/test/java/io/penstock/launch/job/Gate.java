package io.penstock.launch.job;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/**
 * Gate at which whoever comes first waits, in whatever process: until it is opened, or interrupted.
 * It is of files in a directory; whoever waits has left one there, by which a test knows that the
 * place is reached.
 *
 * @param directory an existing one
 */
public record Gate(String directory) implements Serializable {
  private static final long PAUSE_MILLIS = 10;

  /** Interruption of who waited, where no checked exception may be thrown. */
  static final class Interrupted extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    Interrupted(InterruptedException cause) {
      super("interrupted at the gate", cause);
    }
  }

  static Gate in(Path directory) throws IOException {
    return new Gate(Files.createTempDirectory(directory, "gate").toString());
  }

  /**
   * Waits here, unless another does or has done so, or the gate is open. Whoever waits goes on when
   * the gate is gone, too: a test's directory is deleted at its end, perhaps before anybody has
   * seen that the gate was opened.
   */
  void pass() {
    try {
      Path reached = Path.of(directory, "reached");
      if (Files.exists(reached) || !reached.toFile().createNewFile()) {
        return;
      }
      while (Files.exists(reached) && !Files.exists(Path.of(directory, "open"))) {
        Thread.sleep(PAUSE_MILLIS);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Interrupted(e);
    }
  }

  /**
   * Waits until somebody waits here, or has done so.
   *
   * @param alive whether it can still come to that
   * @throws IllegalStateException where it cannot
   */
  void awaitReached(BooleanSupplier alive) throws InterruptedException {
    while (!Files.exists(Path.of(directory, "reached"))) {
      if (!alive.getAsBoolean()) {
        throw new IllegalStateException("it has ended before it was there");
      }
      Thread.sleep(PAUSE_MILLIS);
    }
  }

  /** Lets everybody through from now on. */
  void open() throws IOException {
    Files.write(Path.of(directory, "open"), new byte[0]);
  }
}
