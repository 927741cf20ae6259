package io.penstock.feed.rapids;

import ai.rapids.cudf.Table;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Where the RAPIDS Accelerator and its settings lie, beside this working copy and in it. */
record RapidsSettings(Path root) {
  static RapidsSettings here() {
    return new RapidsSettings(Path.of(System.getProperty("penstock.root")));
  }

  /** The jar that these tests are compiled against. */
  Path jar() {
    try {
      return Path.of(Table.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
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
