package io.penstock.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.testing.Command;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The project under {@code examples/app}, which users copy. {@code .ci/run} builds it with its POM.
 */
@Timeout(240)
@Tag("slow")
class AppTest {
  private static final Path ROOT = Path.of(System.getProperty("penstock.root"));
  private static final Path APP = ROOT.resolve("examples/app");
  private static final Path SOURCE = APP.resolve("src/main/java/example/App.java");
  private static final String CLASS_PATH = System.getProperty("java.class.path");

  @TempDir private Path folder;

  @Test
  void itTrainsSavesLoadsAndScores() throws Exception {
    String[] compile = {"-d", folder.toString(), "-cp", CLASS_PATH, SOURCE.toString()};
    assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, compile));
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> option.startsWith("--add"))
        .forEach(command::add);
    command.addAll(List.of("-Xmx1g", "-XX:+UseSerialGC", "-Dspark.master=local[2]"));
    command.add("-Dspark.ui.enabled=false");
    command.addAll(List.of("-cp", folder + ":" + CLASS_PATH, "example.App"));
    command.add(folder.resolve("model").toUri().toString());
    Command.Outcome outcome = Command.run(new ProcessBuilder(command).directory(folder.toFile()));
    assertEquals(0, outcome.status(), outcome.err());
    assertTrue(Files.isDirectory(folder.resolve("model/stages")), outcome.out());
    assertTrue(outcome.out().contains("|label|prediction|"), outcome.out());
    Matcher accuracy = Pattern.compile("accuracy (\\S+)").matcher(outcome.out());
    assertTrue(accuracy.find(), outcome.out());
    assertTrue(Double.parseDouble(accuracy.group(1)) > 0.9, outcome.out());
  }

  @Test
  void itsPomNamesTheVersionsOfThisBuild() throws IOException {
    String own = Files.readString(APP.resolve("pom.xml"));
    String parent = Files.readString(ROOT.resolve("pom.xml"));
    assertFalse(own.contains("<parent>"), own);
    assertTrue(parent.contains("<module>examples/app</module>"), parent);
    String spark = found("<spark.version>(.*)</spark.version>", parent);
    String scala = found("<scala.binary.version>(.*)</scala.binary.version>", parent);
    String penstock = found("<artifactId>penstock-parent</artifactId>\\s*<version>(.*)<", parent);
    assertEquals(spark, found("spark-mllib_" + scala + "</artifactId>\\s*<version>(.*)<", own));
    assertEquals(penstock, found("penstock-spark</artifactId>\\s*<version>(.*)<", own));
  }

  private static String found(String pattern, String text) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    assertTrue(matcher.find(), pattern);
    return matcher.group(1);
  }

  /** Lines may be left out there, but none may differ and none come in another order. */
  @Test
  void theDocumentationShowsExcerptsOfIt() throws IOException {
    assertExcerpt(block("README.md", "From Java", "java"), SOURCE);
    assertExcerpt(block("docs/deploy.md", "Your application's POM", "xml"), APP.resolve("pom.xml"));
  }

  /** The first block in a language under a heading of a page. */
  private static String block(String page, String heading, String language) throws IOException {
    String text = Files.readString(ROOT.resolve(page));
    int start = text.indexOf("\n## " + heading + "\n");
    assertTrue(start >= 0, () -> page + " has no section " + heading);
    String section = text.substring(start, text.indexOf("\n## ", start + 1));
    return found("(?s)```" + language + "\n(.*?)```", section);
  }

  private static void assertExcerpt(String excerpt, Path file) throws IOException {
    Iterator<String> rest;
    try (Stream<String> lines = Files.lines(file)) {
      rest = lines.map(String::strip).toList().iterator();
    }
    for (String line : excerpt.lines().map(String::strip).filter(it -> !it.isEmpty()).toList()) {
      boolean there = false;
      while (!there && rest.hasNext()) {
        there = rest.next().equals(line);
      }
      assertTrue(there, () -> "shown, but not in " + file + ", or not there: " + line);
    }
  }
}
