package io.penstock.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What an IDE shows of a type or a method begins with what it is or does. */
class JavadocTest {
  private static final Path SOURCES =
      Path.of(
          System.getProperty("penstock.root", ".."), "spark-plugin/src/main/java/io/penstock/ml");

  private static final Pattern NO_PHRASE =
      Pattern.compile(
          "/\\*\\*[\\s*]*(The same|What|Who|Whether|Where|How|Which|So|Those|From|All that|It) .*");

  private static final Pattern PUBLIC_TYPE =
      Pattern.compile(
          "^public (?:final |sealed )*(?:class|interface|record|enum) ", Pattern.MULTILINE);

  private static final Pattern PUBLIC_METHOD =
      Pattern.compile("^ {2}(?:public|default) [^=;{]*\\([^{;]*[{;]", Pattern.MULTILINE);

  private record Source(String name, String text) {
    /** By file and line, what the pattern finds. */
    Stream<String> found(Pattern pattern) {
      return pattern
          .matcher(text)
          .results()
          .map(result -> name + ":" + lines(result.end()).size() + " " + result.group().strip());
    }

    List<String> lines(int end) {
      return text.substring(0, end).lines().toList();
    }

    /** Public methods that have no Javadoc, and inherit none. */
    Stream<String> bare() {
      return PUBLIC_METHOD
          .matcher(text)
          .results()
          .filter(result -> !isDocumented(lines(result.start())))
          .map(result -> name + " " + result.group().strip());
    }

    private static boolean isDocumented(List<String> before) {
      int line = before.size() - 1;
      while (before.get(line).startsWith("  @")) {
        if (before.get(line).contains("@Override")) {
          return true;
        }
        line--;
      }
      return before.get(line).endsWith("*/");
    }
  }

  private static List<Source> sources() throws IOException {
    List<Source> sources = new ArrayList<>();
    try (Stream<Path> files = Files.list(SOURCES)) {
      for (Path file : files.sorted().toList()) {
        sources.add(new Source(file.getFileName().toString(), Files.readString(file)));
      }
    }
    return sources;
  }

  @Test
  void theFirstSentenceIsAPhraseOfItsOwn() throws IOException {
    assertEquals(List.of(), sources().stream().flatMap(one -> one.found(NO_PHRASE)).toList());
  }

  @Test
  void whatIsPublicIsDocumented() throws IOException {
    assertEquals(List.of(), sources().stream().flatMap(Source::bare).toList());
  }

  @Test
  void everyPublicTypeSaysWhichThreadsMayCall() throws IOException {
    List<String> silent = new ArrayList<>();
    for (Source source : sources()) {
      Matcher type = PUBLIC_TYPE.matcher(source.text());
      if (type.find()) {
        String doc = source.text().substring(source.text().indexOf("/**"), type.start());
        if (!doc.contains("thread")) {
          silent.add(source.name());
        }
      }
    }
    assertEquals(List.of(), silent);
  }
}
