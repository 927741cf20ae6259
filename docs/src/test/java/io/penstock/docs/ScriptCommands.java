package io.penstock.docs;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/**
 * Scripts of the repository: they exist, can be started and name the options that they are given.
 */
record ScriptCommands(Repository repository) implements CommandRule {
  /** Scripts without an ending that name variables; {@code *.sh} are found by that. */
  static final List<String> NAMES =
      List.of(
          ".ci/run",
          "examples/run",
          "examples/gpu-check",
          "notebooks/run",
          "notebooks/install-kernel");

  @Override
  public boolean knows(ShellCommand command) {
    return command.program().contains("/") && !command.program().startsWith("/");
  }

  @Override
  public List<String> complaints(ShellCommand command) {
    String script = command.program();
    if (!repository.has(script)) {
      return List.of(command.complaint("there is no script '" + script + "'"));
    }
    if (!Files.isExecutable(repository.root().resolve(script))) {
      return List.of(command.complaint("'" + script + "' may not be executed: chmod +x it"));
    }
    List<String> complaints = new ArrayList<>();
    String text = repository.text(script);
    for (String word : command.arguments()) {
      String option = word.split("=", 2)[0];
      if (option.startsWith("-") && !text.contains(option)) {
        complaints.add(command.complaint(script + " does not name the option '" + option + "'"));
      }
    }
    return complaints;
  }
}
