package io.penstock.docs;

import io.penstock.testing.Fence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All rules for commands: every command of a page is some rule's. */
record Commands(Set<String> variables, List<CommandRule> rules, Paths paths) {
  static Commands of(Repository repository, Sources sources, Launcher launcher) {
    Poms poms = Poms.of(repository);
    return new Commands(
        Variables.of(repository),
        List.of(
            new ExampleCommands(launcher, sources),
            new MavenCommands(repository, poms, sources),
            new SparkCommands(repository, sources),
            new ScriptCommands(repository),
            new OtherPrograms()),
        new Paths(repository, poms));
  }

  /** Tells what is wrong with the commands of a block of shell, each with its place. */
  List<String> complaints(Fence fence) throws Exception {
    List<String> complaints = new ArrayList<>();
    for (ShellCommand command : ShellCommand.of(fence)) {
      complaints.addAll(complaints(command));
    }
    return complaints;
  }

  private List<String> complaints(ShellCommand command) throws Exception {
    if (command.program().equals("sudo")) {
      return complaints(command.withoutProgram());
    }
    List<String> complaints = new ArrayList<>(unread(command));
    if (command.words().isEmpty()) {
      complaints.addAll(paths.complaints(command));
      return complaints;
    }
    Optional<CommandRule> rule = rules.stream().filter(one -> one.knows(command)).findFirst();
    if (rule.isEmpty()) {
      complaints.add(
          command.complaint(
              "no rule knows the program '"
                  + command.program()
                  + "': mend its name, or write a rule beside those of Commands, or name it with"
                  + " the reason in OtherPrograms"));
      return complaints;
    }
    complaints.addAll(rule.get().complaints(command));
    complaints.addAll(paths.complaints(command));
    return complaints;
  }

  /** A variable is one that a script or a program here, or a comment of the settings, names. */
  private List<String> unread(ShellCommand command) {
    List<String> complaints = new ArrayList<>();
    for (Map.Entry<String, String> variable : command.environment().entrySet()) {
      if (!variables.contains(variable.getKey())) {
        complaints.add(
            command.complaint(
                "nothing here reads the variable '"
                    + variable.getKey()
                    + "': no program, script or file under conf/ names it"));
      }
    }
    return complaints;
  }
}
