package io.penstock.ui.tab;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Talks with a process: waits for what it says, in order, and answers. */
public final class Dialogue implements AutoCloseable {
  private final Process process;
  private final OutputStream input;
  private final StringBuilder said = new StringBuilder();
  private boolean over;
  private int heard;

  public Dialogue(ProcessBuilder builder) throws IOException {
    process = builder.redirectErrorStream(true).start();
    input = process.getOutputStream();
    Thread listener = new Thread(this::listen, "dialogue");
    listener.setDaemon(true);
    listener.start();
  }

  private void listen() {
    char[] some = new char[4096];
    try (Reader output = new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)) {
      int count;
      while ((count = output.read(some)) > 0) {
        synchronized (this) {
          said.append(some, 0, count);
          notifyAll();
        }
      }
    } catch (IOException cause) {
      throw new UncheckedIOException(cause);
    } finally {
      synchronized (this) {
        over = true;
        notifyAll();
      }
    }
  }

  /** Waits until it has said this since what was waited for before. */
  public synchronized void await(String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(said);
    while (!matcher.reset().find(heard)) {
      if (over) {
        throw new AssertionError("It never said " + pattern + ", but\n" + said);
      }
      try {
        wait();
      } catch (InterruptedException late) {
        throw new AssertionError("It has not said " + pattern + " yet, but\n" + said, late);
      }
    }
    heard = matcher.end();
  }

  public void answer(String line) throws IOException {
    input.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    input.flush();
  }

  /** All that it has said so far. */
  public synchronized String said() {
    return said.toString();
  }

  /** All that it has said in the end, and that it ended well. */
  public String end() throws InterruptedException {
    int status = process.waitFor();
    synchronized (this) {
      while (!over) {
        wait();
      }
    }
    if (status != 0) {
      throw new AssertionError("It ended with " + status + ":\n" + said());
    }
    return said();
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
