package io.penstock.docs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The names of environment variables that programs, scripts and settings of the repository have.
 */
final class Variables {
  private static final Pattern NAME = Pattern.compile("\\b[A-Z][A-Z0-9]*(_[A-Z0-9]+)+\\b");

  private Variables() {}

  static Set<String> of(Repository repository) {
    Set<String> names = new HashSet<>();
    Stream<Path> programs =
        repository.files(".java").stream().filter(file -> file.toString().contains("/src/main/"));
    Stream<Path> settings =
        Stream.of(".conf", ".sh", ".py").flatMap(ending -> repository.files(ending).stream());
    Stream<Path> scripts =
        ScriptCommands.NAMES.stream().map(repository.root()::resolve).filter(Files::exists);
    for (Path file : List.of(programs, settings, scripts).stream().flatMap(it -> it).toList()) {
      Matcher name = NAME.matcher(repository.text(repository.root().relativize(file).toString()));
      while (name.find()) {
        names.add(name.group());
      }
    }
    return names;
  }
}
