package io.penstock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.testing.SourceFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * No class of any module has a package of another library's: it would hide that library's by the
 * order of the class path alone.
 */
class OwnPackagesTest {
  private static final Path ROOT = Path.of(System.getProperty("penstock.root"));

  /** {@code example} is the application of somebody who uses Penstock. */
  private static final List<String> OURS = List.of("io/penstock/", "example/");

  @Test
  void everyClassLiesInAPackageOfOurs() {
    List<String> all =
        SourceFiles.below(ROOT, ".java").stream()
            .map(OwnPackagesTest::sourceInMain)
            .flatMap(Optional::stream)
            .toList();
    assertTrue(all.size() > 400, "found too few sources: " + all.size());
    assertEquals(
        List.of(), all.stream().filter(its -> OURS.stream().noneMatch(its::startsWith)).toList());
  }

  /** The path of a Java file below a module's {@code src/main/java}. */
  private static Optional<String> sourceInMain(Path file) {
    Path way = ROOT.relativize(file);
    return IntStream.range(0, way.getNameCount() - 3)
        .filter(at -> way.subpath(at, at + 3).equals(Path.of("src", "main", "java")))
        .mapToObj(at -> way.subpath(at + 3, way.getNameCount()).toString())
        .findFirst();
  }
}
