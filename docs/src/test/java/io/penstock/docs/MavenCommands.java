package io.penstock.docs;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * {@code mvn}: its phases, goals, profiles, modules, properties and tests are those of the POMs.
 */
record MavenCommands(Repository repository, Poms poms, Sources sources) implements CommandRule {
  private static final Set<String> PHASES =
      Set.of("clean", "validate", "compile", "test", "package", "verify", "install", "deploy");

  private static final Set<String> FLAGS =
      Set.of("-q", "-B", "-ntp", "-o", "-U", "-e", "-N", "-am", "-amd", "-fae", "--fail-at-end");

  /** Of Maven's own plugins, which no POM here needs to name. */
  private static final Set<String> PROPERTIES =
      Set.of(
          "skipTests",
          "maven.test.skip",
          "maven.test.failure.ignore",
          "test",
          "groups",
          "excludedGroups",
          "surefire.failIfNoSpecifiedTests",
          "spotless.check.skip");

  @Override
  public boolean knows(ShellCommand command) {
    return command.program().equals("mvn");
  }

  @Override
  public List<String> complaints(ShellCommand command) {
    List<String> complaints = new ArrayList<>();
    List<String> words = command.arguments();
    List<String> modules = List.of();
    List<String> tests = List.of();
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      String next = i + 1 < words.size() ? words.get(i + 1) : "";
      if (word.equals("-pl")) {
        modules = Arrays.asList(next.split(","));
        i++;
      } else if (word.equals("-f")) {
        if (!repository.has(next + "/pom.xml")) {
          complaints.add("-f names '" + next + "', which has no pom.xml");
        }
        i++;
      } else if (word.startsWith("-P")) {
        missing("profile", word.substring(2).split(","), poms.profiles(), complaints);
      } else if (word.startsWith("-D")) {
        String[] nameAndValue = word.substring(2).split("=", 2);
        property(nameAndValue[0], complaints);
        if (nameAndValue[0].equals("test") && nameAndValue.length == 2) {
          tests = Arrays.asList(nameAndValue[1].split(","));
        }
      } else if (word.startsWith("-")) {
        missing("option", new String[] {word}, FLAGS, complaints);
      } else if (word.contains(":")) {
        String[] prefix = {word.substring(0, word.indexOf(':'))};
        missing("plugin for " + word + ",", prefix, poms.pluginPrefixes(), complaints);
      } else {
        missing("phase", new String[] {word}, PHASES, complaints);
      }
    }
    missing("module", modules.toArray(String[]::new), poms.modules(), complaints);
    for (String test : tests) {
      if (!isPlaceholder(test) && !hasTest(test, modules)) {
        complaints.add("there is no test " + test + (modules.isEmpty() ? "" : " in " + modules));
      }
    }
    return complaints.stream().map(command::complaint).toList();
  }

  private static boolean isPlaceholder(String word) {
    return word.matches("[A-Z]{3,}");
  }

  private static void missing(
      String what, String[] names, Set<String> known, List<String> complaints) {
    for (String name : names) {
      if (!known.contains(name)) {
        complaints.add("there is no " + what + " '" + name + "'; known: " + known);
      }
    }
  }

  /** A property is a POM's, Maven's, or one that programs or tests read by its name. */
  private void property(String name, List<String> complaints) {
    boolean read =
        sources.types().values().stream()
            .flatMap(List::stream)
            .anyMatch(type -> type.text().contains("\"" + name + "\""));
    if (!read && !PROPERTIES.contains(name) && !poms.properties().contains(name)) {
      complaints.add("no POM and no program reads the property '" + name + "'");
    }
  }

  private boolean hasTest(String pattern, List<String> modules) {
    var glob = FileSystems.getDefault().getPathMatcher("glob:" + pattern.split("#", 2)[0]);
    return sources.types().values().stream()
        .flatMap(List::stream)
        .filter(type -> glob.matches(Path.of(type.simpleName())))
        .anyMatch(type -> modules.isEmpty() || modules.stream().anyMatch(it -> isOf(it, type)));
  }

  /** The plugin's tests, and those that all modules share, lie beside the modules. */
  private boolean isOf(String module, Sources.Type type) {
    String path = repository.root().relativize(type.file()).toString();
    return path.startsWith(module + "/src/test/")
        || path.startsWith("src/testing/")
        || path.startsWith("src/test/")
            && Set.of("spark-plugin", "spark-versions").contains(module);
  }
}
