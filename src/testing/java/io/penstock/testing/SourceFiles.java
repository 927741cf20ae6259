package io.penstock.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The files that people wrote below a folder: those of hidden folders and of builds are none. */
public final class SourceFiles {
  private SourceFiles() {}

  /** Those whose name ends so, in the order of their paths. */
  public static List<Path> below(Path root, String ending) {
    List<Path> files = new ArrayList<>();
    SimpleFileVisitor<Path> visitor =
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes its) {
            String name = folder.getFileName().toString();
            boolean out = name.startsWith(".") || name.equals("target");
            return out && !folder.equals(root)
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes its) {
            if (file.toString().endsWith(ending)) {
              files.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        };
    try {
      Files.walkFileTree(root, visitor);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    files.sort(Comparator.naturalOrder());
    return List.copyOf(files);
  }
}
