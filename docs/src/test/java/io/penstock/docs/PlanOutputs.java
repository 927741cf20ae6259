package io.penstock.docs;

import io.penstock.testing.Command;
import io.penstock.testing.Fence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Runs the commands whose output is always the same, {@code examples/run plan}, and compares what
 * they print with the block of text behind them.
 */
record PlanOutputs(Launcher launcher) {
  /** The blocks of a page, each a command of it that was run, with what the page shows of it. */
  List<String> complaints(List<Fence> fences, Path folder) throws Exception {
    List<String> complaints = new ArrayList<>();
    for (int i = 0; i < fences.size(); i++) {
      if (!List.of("bash", "sh").contains(fences.get(i).language())) {
        continue;
      }
      List<ShellCommand> commands = ShellCommand.of(fences.get(i));
      for (ShellCommand command : commands) {
        if (isPlan(command)) {
          Optional<Fence> shown =
              commands.size() == 1 && i + 1 < fences.size()
                  ? Optional.of(fences.get(i + 1)).filter(next -> follows(command.fence(), next))
                  : Optional.empty();
          run(command, shown, folder).ifPresent(complaints::add);
        }
      }
    }
    return complaints;
  }

  static boolean isPlan(ShellCommand command) {
    List<String> words = command.words();
    return words.size() > 1
        && words.subList(0, 2).equals(List.of("examples/run", "plan"))
        && !words.contains("--help");
  }

  /** Whether nothing but empty lines stands between a command and a block of text. */
  private static boolean follows(Fence command, Fence text) {
    return text.language().equals("text")
        && text.page().lines().subList(command.end(), text.line() - 1).stream()
            .allMatch(String::isBlank);
  }

  private Optional<String> run(ShellCommand command, Optional<Fence> shown, Path folder)
      throws IOException, InterruptedException {
    Launcher.Start start;
    try {
      start = launcher.start(command.environment(), command.arguments());
    } catch (IllegalArgumentException refused) {
      return Optional.of(command.complaint(refused.getMessage()));
    }
    List<String> words = new ArrayList<>();
    words.add(ProcessHandle.current().info().command().orElse("java"));
    words.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    words.addAll(List.of("-cp", System.getProperty("java.class.path"), start.mainClass()));
    words.addAll(start.arguments());
    ProcessBuilder builder = new ProcessBuilder(words).directory(folder.toFile());
    Command.Outcome outcome = Command.run(builder);
    if (outcome.status() != 0) {
      return Optional.of(command.complaint("it ends with: " + outcome.err().strip()));
    }
    if (!command.out().isEmpty()) {
      Files.writeString(folder.resolve(command.out()), outcome.out());
    }
    return shown
        .filter(it -> !it.text().equals(outcome.out()))
        .map(it -> it.complaint(0, "the command above prints\n" + outcome.out()));
  }
}
