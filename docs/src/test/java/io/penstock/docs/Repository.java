package io.penstock.docs;

import io.penstock.testing.SourceFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The repository's files, but those of hidden folders and of builds. */
record Repository(Path root) {
  static final Repository OWN = new Repository(Path.of(System.getProperty("penstock.root")));

  /** The files whose name ends so, in the order of their paths. */
  List<Path> files(String ending) {
    return SourceFiles.below(root, ending);
  }

  /** The text of a file. */
  String text(String name) {
    try {
      return Files.readString(root.resolve(name));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  boolean has(String name) {
    return Files.exists(root.resolve(name));
  }

  /** Whether some file matches a name with {@code *} in its last part. */
  boolean hasSome(String pattern) {
    Path whole = root.resolve(pattern);
    PathMatcher last =
        FileSystems.getDefault().getPathMatcher("glob:" + whole.getFileName().toString());
    Predicate<Path> matches = file -> last.matches(file.getFileName());
    if (!Files.isDirectory(whole.getParent())) {
      return false;
    }
    try (Stream<Path> files = Files.list(whole.getParent())) {
      return files.anyMatch(matches);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
