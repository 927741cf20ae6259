package io.penstock.testing;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a process writes, line by line. Waiting for a line ends with the test: a {@code @Timeout}
 * interrupts it, which reading would not hear.
 */
public final class Lines {
  private final BlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>();

  /** Reads until the process ends its output, or ends. */
  public Lines(InputStream from) {
    Thread reader = new Thread(() -> read(from), "reads a process");
    reader.setDaemon(true);
    reader.start();
  }

  private void read(InputStream from) {
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(from, StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(Optional.of(line));
      }
    } catch (IOException closed) {
      // The process has ended, as told below.
    }
    lines.add(Optional.empty());
  }

  /**
   * The next line in which the pattern is found; those before it are passed over.
   *
   * @throws EOFException where the process ends without one
   */
  public Matcher next(Pattern pattern) throws InterruptedException, EOFException {
    for (Optional<String> line = lines.take(); line.isPresent(); line = lines.take()) {
      Matcher found = pattern.matcher(line.get());
      if (found.find()) {
        return found;
      }
    }
    lines.add(Optional.empty()); // for whoever asks next
    throw new EOFException("The process ended before it said: " + pattern);
  }
}
