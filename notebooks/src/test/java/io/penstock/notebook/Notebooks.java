package io.penstock.notebook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The notebooks of this clone. */
final class Notebooks {
  static final Path FOLDER = Path.of(System.getProperty("penstock.root"), "notebooks");

  private static final ObjectMapper JSON = new ObjectMapper();

  private Notebooks() {}

  static List<Path> jupyter() throws IOException {
    return files("jupyter", ".ipynb");
  }

  static List<Path> zeppelin() throws IOException {
    return files("zeppelin", ".zpln");
  }

  private static List<Path> files(String folder, String ending) throws IOException {
    try (Stream<Path> files = Files.list(FOLDER.resolve(folder))) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    }
  }

  static JsonNode read(Path file) throws IOException {
    return JSON.readTree(Files.readString(file));
  }

  static Stream<JsonNode> cells(JsonNode notebook) {
    return StreamSupport.stream(notebook.path("cells").spliterator(), false);
  }

  /** Whether a picture is expected of the cell. */
  static boolean isFigure(JsonNode cell) {
    return StreamSupport.stream(cell.path("metadata").path("tags").spliterator(), false)
        .anyMatch(tag -> tag.asText().equals("figure"));
  }

  static boolean hasPicture(JsonNode cell) {
    return StreamSupport.stream(cell.path("outputs").spliterator(), false)
        .anyMatch(output -> output.path("data").has(Png.TYPE));
  }

  /** The code or text of a cell, which Jupyter writes as a list of lines. */
  static String source(JsonNode cell) {
    StringBuilder text = new StringBuilder();
    cell.path("source").forEach(line -> text.append(line.asText()));
    return text.toString();
  }

  /** The headings of a text in Markdown, in order. */
  static List<String> headings(Stream<String> texts) {
    return texts.flatMap(String::lines).filter(line -> line.startsWith("#")).toList();
  }
}
