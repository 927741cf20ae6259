package io.penstock.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A command that a test waits for. It ends with the test: a {@code @Timeout} interrupts the
 * waiting, which reading from a process would not hear, and then all that the command started is
 * ended too.
 */
public final class Command {
  private Command() {}

  /**
   * What came of a command.
   *
   * @param status its exit status
   * @param out what it wrote to standard output
   * @param err what it wrote to standard error; empty if that went to the same place
   */
  public record Outcome(int status, String out, String err) {}

  /**
   * Runs it to its end.
   *
   * @param builder with arguments, environment and directory; where output goes is set here, but
   *     for {@link ProcessBuilder#redirectErrorStream()}
   * @throws InterruptedException where the caller was not to wait longer; the command has ended
   *     then
   */
  public static Outcome run(ProcessBuilder builder) throws IOException, InterruptedException {
    Path out = Files.createTempFile("penstock", ".out");
    Path err = Files.createTempFile("penstock", ".err");
    try {
      Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
      process.getOutputStream().close();
      try {
        int status = process.waitFor();
        return new Outcome(status, Files.readString(out), Files.readString(err));
      } finally {
        end(process);
      }
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }

  /** Ends a process and all that it started, and returns when it has ended. */
  public static void end(Process process) {
    List<ProcessHandle> all =
        Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
    all.forEach(ProcessHandle::destroyForcibly);
    process.onExit().join();
  }
}
