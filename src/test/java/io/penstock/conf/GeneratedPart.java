package io.penstock.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A part of a page of the documentation that is made of the code. It stands between two comments.
 *
 * @param name in those comments
 * @param made what has to stand between them, with a line feed at its end
 */
record GeneratedPart(String name, String made) {
  /**
   * Checks that a page has it as it is now; with {@code -Dpenstock.write=true}, writes it anew.
   *
   * @param test the name of the test class, for the message
   */
  void check(Path page, String test) throws IOException {
    String text = Files.readString(page);
    String current = in(page, text);
    if (Boolean.getBoolean("penstock.write")) {
      Files.writeString(page, current);
    } else {
      assertEquals(
          current, text, "mvn -pl spark-plugin test -Dtest=" + test + " -Dpenstock.write=true");
    }
  }

  private String in(Path page, String text) {
    String start = "<!-- " + name + ": generated; do not edit -->\n";
    String end = "<!-- end of " + name + " -->";
    int from = text.indexOf(start) + start.length();
    int to = text.indexOf(end);
    if (from < start.length() || to < from) {
      throw new IllegalStateException(page + " has lost the marks around its " + name);
    }
    return text.substring(0, from) + made + text.substring(to);
  }
}
