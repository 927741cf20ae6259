package io.penstock.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ConfReadmeTest {
  private static final Path README = ConfFile.DIRECTORY.resolve("README.md");

  /** {@code -Dpenstock.write=true} writes it anew. */
  @Test
  void theSettingsAreThoseOfTheCode() throws IOException {
    new GeneratedPart("settings", ConfReadme.settings()).check(README, "ConfReadmeTest");
  }

  @Test
  void everyFileIsNamed() throws IOException {
    String text = Files.readString(README);
    try (Stream<Path> files = Files.list(ConfFile.DIRECTORY)) {
      List<String> unnamed =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> !name.equals("README.md") && !text.contains("(" + name + ")"))
              .toList();
      assertEquals(List.of(), unnamed);
    }
    assertTrue(text.contains("`org.bytedeco.javacpp.maxbytes`"));
  }
}
