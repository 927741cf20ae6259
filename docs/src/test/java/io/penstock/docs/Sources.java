package io.penstock.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The types that the repository's Java files declare, tests too.
 *
 * @param types by simple name; several where packages have types of the same name
 */
record Sources(Map<String, List<Type>> types, Set<String> packages) {
  /**
   * A type with a file of its own.
   *
   * @param name with its package
   * @param text of its file
   */
  record Type(String name, Path file, String text) {
    String simpleName() {
      return name.substring(name.lastIndexOf('.') + 1);
    }

    /** Whether other packages may use it, in programs. */
    boolean isPublic() {
      return file.toString().contains("/src/main/") && declares("public ", simpleName());
    }

    /** Whether a type of that simple name is declared in its file. */
    boolean declares(String simpleName) {
      return declares("", simpleName);
    }

    private boolean declares(String before, String simpleName) {
      String kinds = "([a-z-]+ )*(class|interface|record|enum|@interface) ";
      return Pattern.compile("\\b" + before + kinds + simpleName + "\\b").matcher(text).find();
    }
  }

  static Sources of(Repository repository) {
    Map<String, List<Type>> types = new HashMap<>();
    Set<String> packages = new HashSet<>();
    for (Path file : repository.files(".java")) {
      String path = file.toString().replace('\\', '/');
      int start = path.lastIndexOf("/java/");
      if (start < 0) {
        continue;
      }
      String name = path.substring(start + 6, path.length() - 5).replace('/', '.');
      int dot = name.lastIndexOf('.');
      packages.add(name.substring(0, Math.max(0, dot)));
      try {
        types
            .computeIfAbsent(name.substring(dot + 1), simple -> new ArrayList<>())
            .add(new Type(name, file, Files.readString(file)));
      } catch (IOException unreadable) {
        throw new UncheckedIOException(unreadable);
      }
    }
    return new Sources(types, packages);
  }

  /** All types of a simple name. */
  List<Type> named(String simpleName) {
    return types.getOrDefault(simpleName, List.of());
  }

  /** The type of a whole name. */
  Optional<Type> type(String name) {
    return named(name.substring(name.lastIndexOf('.') + 1)).stream()
        .filter(type -> type.name().equals(name))
        .findFirst();
  }

  /** Whether it is a package, or one that holds packages. */
  boolean hasPackage(String name) {
    return packages.stream().anyMatch(one -> one.equals(name) || one.startsWith(name + "."));
  }
}
