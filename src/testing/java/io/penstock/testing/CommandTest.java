package io.penstock.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class CommandTest {
  @TempDir private Path folder;

  private static ProcessBuilder shell(String script, String... arguments) {
    ProcessBuilder builder = new ProcessBuilder("sh", "-c", script, "sh");
    for (String argument : arguments) {
      builder.command().add(argument);
    }
    return builder;
  }

  @Test
  void statusAndBothOutputsAreTold() throws Exception {
    ProcessBuilder both = shell("echo out; echo err >&2; exit 3");
    assertEquals(new Command.Outcome(3, "out\n", "err\n"), Command.run(both));
    ProcessBuilder one = shell("echo out; echo err >&2").redirectErrorStream(true);
    assertEquals(new Command.Outcome(0, "out\nerr\n", ""), Command.run(one));
  }

  /** As a limit of JUnit's does. The pipe ends when the last process that has it open has ended. */
  @Test
  void anInterruptEndsTheCommandAndItsChildren() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertEquals(0, Command.run(shell("mkfifo \"$1\"", pipe.toString())).status());
    ExecutorService thread = Executors.newSingleThreadExecutor();
    Future<Command.Outcome> running =
        thread.submit(
            () ->
                Command.run(
                    shell("exec 3>\"$1\"; sleep 1000 & echo asleep >&3; wait", pipe.toString())));
    try (BufferedReader reader = Files.newBufferedReader(pipe)) {
      assertEquals("asleep", reader.readLine());
      thread.shutdownNow();
      ExecutionException ended = assertThrows(ExecutionException.class, running::get);
      assertEquals(InterruptedException.class, ended.getCause().getClass());
      assertNull(reader.readLine());
    }
  }
}
