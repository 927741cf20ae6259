package io.penstock.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** Where the RAPIDS Accelerator and its settings lie in this working copy. */
record RapidsSettings(Path root) {
  static RapidsSettings here() {
    return new RapidsSettings(Path.of(System.getProperty("penstock.root")));
  }

  /** The jar that Maven put there. */
  Path jar() {
    Path folder = root.resolve("examples/target/rapids");
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("rapids-4-spark_"))
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("no RAPIDS jar in " + folder));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the build puts the RAPIDS jar in " + folder + ": mvn -pl examples -am test", e);
    }
  }

  /** The settings of conf/rapids.conf. */
  Map<String, String> all() throws IOException {
    Map<String, String> settings = new LinkedHashMap<>();
    for (String line : Files.readAllLines(root.resolve("conf/rapids.conf"))) {
      if (!line.isBlank() && !line.startsWith("#")) {
        String[] keyAndValue = line.split("\\s+", 2);
        settings.put(keyAndValue[0], keyAndValue[1]);
      }
    }
    return settings;
  }
}
