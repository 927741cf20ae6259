package io.penstock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.testing.SourceFiles;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** That the build looks at the format of every source, and what the formatter cannot mend. */
class FormatGateTest {
  private static final int MOST = 100;
  private static final Path ROOT = Path.of(System.getProperty("penstock.root"));

  /** Every Java source of the repository, as seen from its root. */
  private static List<Path> sources() {
    List<Path> sources =
        SourceFiles.below(ROOT, ".java").stream()
            .map(ROOT::relativize)
            .filter(file -> file.toString().matches(".*\\bsrc\\b.*"))
            .toList();
    assertTrue(sources.size() > 900, () -> "only " + sources.size() + " in " + ROOT);
    return sources;
  }

  private static List<String> elements(String pom, String name) {
    return Pattern.compile("<" + name + ">([^<]+)</" + name + ">")
        .matcher(pom)
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  /** The folder of a project holds its sources: the scanner finds none outside it. */
  @Test
  void everySourceLiesWhereItsProjectIsChecked() throws IOException {
    String pom = Files.readString(ROOT.resolve("pom.xml"));
    Matcher spotless = Pattern.compile("(?s)<includes>(.*?)</includes>").matcher(pom);
    assertTrue(spotless.find());
    List<PathMatcher> checked = new ArrayList<>();
    List<String> projects = new ArrayList<>(elements(pom, "module"));
    projects.add("");
    for (String project : projects) {
      for (String pattern : elements(spotless.group(1), "include")) {
        String within = project.isEmpty() ? pattern : project + "/" + pattern;
        checked.add(FileSystems.getDefault().getPathMatcher("glob:" + within));
      }
    }
    assertEquals(
        List.of(),
        sources().stream()
            .filter(file -> checked.stream().noneMatch(pattern -> pattern.matches(file)))
            .toList());
  }

  /** Regular expressions and links are let be by the formatter. */
  @Test
  void noLineIsTooLong() throws IOException {
    List<String> longer = new ArrayList<>();
    for (Path source : sources()) {
      List<String> lines = Files.readAllLines(ROOT.resolve(source));
      for (int line = 0; line < lines.size(); line++) {
        if (lines.get(line).codePointCount(0, lines.get(line).length()) > MOST) {
          longer.add(source + ":" + (line + 1));
        }
      }
    }
    assertEquals(List.of(), longer, "lines above " + MOST + " columns; break them by hand");
  }
}
