package io.penstock.docs;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

/** Simple names of all types that this JDK and the jars of the class path have. */
final class ClassPathNames {
  private ClassPathNames() {}

  static Set<String> all() throws IOException {
    Set<String> names = new HashSet<>();
    for (String entry : System.getProperty("java.class.path").split(":")) {
      if (entry.endsWith(".jar") && Files.exists(Path.of(entry))) {
        try (ZipFile jar = new ZipFile(entry)) {
          jar.stream().forEach(file -> add(file.getName(), names));
        }
      }
    }
    Path modules = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules");
    try (Stream<Path> files = Files.walk(modules)) {
      files.forEach(file -> add(file.toString(), names));
    }
    return names;
  }

  private static void add(String file, Set<String> names) {
    if (file.endsWith(".class")) {
      String name = file.substring(file.lastIndexOf('/') + 1, file.length() - 6);
      names.add(name.substring(name.lastIndexOf('$') + 1));
    }
  }
}
