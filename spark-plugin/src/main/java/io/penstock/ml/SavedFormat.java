package io.penstock.ml;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.checkpoint.NewFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The file {@code data/format.json} of a saved estimator or model: {@code {"format": "penstock",
 * "version": 1, "classNames": ["no", "yes"]}}. It is written last, so what has one is whole.
 *
 * @param classNames a name for each class; empty if they have none
 */
record SavedFormat(List<String> classNames) {
  private static final String FORMAT = "penstock";
  private static final int VERSION = 1;

  /** Spark's, which has limits of its own: how deep a text goes, how long a number is. */
  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

  private static Path file(String path) {
    return new Path(new Path(path, "data"), "format.json");
  }

  /**
   * Writes the file.
   *
   * @throws IOException if it cannot be written
   */
  void write(String path, Configuration conf) throws IOException {
    ObjectNode root = MAPPER.createObjectNode().put("format", FORMAT).put("version", VERSION);
    if (!classNames.isEmpty()) {
      classNames.forEach(root.putArray("classNames")::add);
    }
    Path file = file(path);
    try (OutputStream out = NewFile.create(file, conf)) {
      out.write(root.toString().getBytes(StandardCharsets.UTF_8));
    }
  }

  /**
   * Reads the file.
   *
   * @throws IOException if it is missing or cannot be read
   * @throws IllegalArgumentException if it is of a newer version, or none of ours
   */
  static SavedFormat read(String path, Configuration conf) throws IOException {
    Path file = file(path);
    FileSystem files = file.getFileSystem(conf);
    if (!files.exists(new Path(path))) {
      throw new FileNotFoundException(
          "there is no such directory. Give the one that was saved to, with its scheme (file:,"
              + " hdfs:) where that is not the default one's.");
    }
    if (!files.exists(file)) {
      throw new FileNotFoundException(
          file
              + " is missing, which is written last: saving did not come to its end, the directory"
              + " was not copied whole, or something else was saved there. Save it again, or load"
              + " it with the class that saved it.");
    }
    JsonNode root;
    try {
      root = MAPPER.readTree(SavedText.read(file, conf));
    } catch (JsonProcessingException cause) {
      throw new IllegalArgumentException(
          file + " is not JSON: " + cause.getOriginalMessage(), cause);
    }
    int version = root.path("version").isInt() ? root.path("version").asInt() : 0;
    if (!root.path("format").asText().equals(FORMAT) || version < 1) {
      throw new IllegalArgumentException(
          file + " is none of Penstock's: it lacks \"format\": \"" + FORMAT + "\" or a version.");
    }
    if (version > VERSION) {
      throw new IllegalArgumentException(
          file
              + ": it was saved in format version "
              + version
              + ", but this release reads versions up to "
              + VERSION
              + ". Load it with the release that saved it, or a newer one.");
    }
    List<String> names = new ArrayList<>();
    for (JsonNode name : classNames(file, root)) {
      names.add(name.asText());
    }
    return new SavedFormat(List.copyOf(names));
  }

  private static JsonNode classNames(Path file, JsonNode root) {
    JsonNode found = root.path("classNames");
    boolean texts = true;
    for (JsonNode name : found) {
      texts &= name.isTextual();
    }
    if (!found.isMissingNode() && !(found.isArray() && texts)) {
      throw new IllegalArgumentException(
          file + " has classNames that are no list of texts; write [\"no\", \"yes\"].");
    }
    return found;
  }
}
