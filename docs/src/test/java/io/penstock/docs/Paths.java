package io.penstock.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The files of the repository that commands name: they exist, or a build makes them. */
record Paths(Repository repository, Poms poms) {
  /** Where a page supposes this repository, or its files on a machine of a cluster. */
  private static final Pattern PLACE =
      Pattern.compile("^(file:(//)?)?(\\$PWD/|\\./|/opt/penstock/|(/path/to|…)/penstock/)");

  private static final Pattern BUILT = Pattern.compile("(.*?)/?target/([^/]+)(/.*)?");

  /** What commands name of files that are not there. */
  List<String> complaints(ShellCommand command) {
    List<String> complaints = new ArrayList<>();
    List<String> words = new ArrayList<>(command.words());
    words.addAll(command.environment().values());
    for (String word : words) {
      for (String part : word.split("[=:,\\s()]")) {
        complaint(part).ifPresent(what -> complaints.add(command.complaint(what)));
      }
    }
    return complaints;
  }

  private Optional<String> complaint(String word) {
    String path = PLACE.matcher(word).replaceFirst("");
    boolean placed = !path.equals(word);
    if (placed && (path.equals("lib") || path.equals("lib/*"))) {
      return Optional.empty(); // on every machine: what examples/target/lib is here
    }
    int slash = path.indexOf('/');
    boolean ours = slash > 0 && repository.has(path.substring(0, slash));
    if (!ours && !placed || path.matches(".*\\b[A-Z]{3,}\\b.*")) {
      return Optional.empty();
    }
    return leads(path)
        ? Optional.empty()
        : Optional.of("there is no '" + path + "', and no build makes it");
  }

  /** Whether a path from the root leads to something that is there or that a build makes. */
  boolean leads(String path) {
    Matcher built = BUILT.matcher(path);
    if (built.matches()) {
      return poms.builds(built.group(1), built.group(2));
    }
    return path.contains("*") ? repository.hasSome(path) : repository.has(path);
  }
}
