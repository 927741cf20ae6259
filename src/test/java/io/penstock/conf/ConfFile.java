package io.penstock.conf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * One of the properties files under conf/.
 *
 * @param lines of the file
 */
record ConfFile(Path path, List<String> lines) {
  /** Of the repository, wherever Maven was started. */
  static final Path DIRECTORY = Path.of(System.getProperty("penstock.root", ".."), "conf");

  /**
   * What a line sets.
   *
   * @param off whether it is commented out, as an offer
   * @param explained whether a comment stands above it, or above the settings right above it
   */
  record Entry(String key, String value, boolean off, boolean explained) {}

  static ConfFile named(String name) {
    Path path = DIRECTORY.resolve(name);
    try {
      return new ConfFile(path, Files.readAllLines(path));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** All that spark-submit's --properties-file can name. */
  static Stream<ConfFile> all() throws IOException {
    try (Stream<Path> files = Files.list(DIRECTORY)) {
      return files
          .map(path -> path.getFileName().toString())
          .filter(name -> name.endsWith(".conf"))
          .sorted()
          .toList()
          .stream()
          .map(ConfFile::named);
    }
  }

  /** What it sets and what it offers. */
  List<Entry> entries() {
    List<Entry> entries = new ArrayList<>();
    boolean explained = false;
    for (String line : lines) {
      boolean off = line.startsWith("#spark.");
      if (line.isBlank()) {
        explained = false;
      } else if (line.startsWith("#") && !off) {
        explained = true;
      } else {
        String[] words = line.substring(off ? 1 : 0).split("\\s+", 2);
        entries.add(new Entry(words[0], words.length > 1 ? words[1].strip() : "", off, explained));
      }
    }
    return entries;
  }

  @Override
  public String toString() {
    return path.getFileName().toString();
  }
}
