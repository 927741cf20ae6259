package io.penstock.notebook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;

/**
 * What of a notebook is committed: its cells and, of what they put out, the pictures, which are
 * what a reader on a code host should see. Texts, tables, counts and whatever an editor left in the
 * metadata are not: they differ from run to run and may name someone's machine.
 */
public final class CommittedNotebook {
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

  private CommittedNotebook() {}

  /**
   * Takes from notebooks what is not committed, where they lie.
   *
   * @param files the notebooks
   * @throws IOException if one cannot be read or written, or is no JSON
   */
  public static void main(String[] files) throws IOException {
    for (String name : files) {
      Path file = Path.of(name);
      Files.writeString(file, text(strip(JSON.readTree(Files.readString(file)))));
    }
  }

  /** The notebook as it is committed; the given one stays as it is. */
  static JsonNode strip(JsonNode notebook) {
    ObjectNode stripped = notebook.deepCopy();
    for (JsonNode cell : stripped.path("cells")) {
      strip((ObjectNode) cell);
    }
    ((ObjectNode) stripped.path("metadata")).retain("kernelspec", "language_info");
    ((ObjectNode) stripped.path("metadata").path("language_info"))
        .retain("name", "mimetype", "file_extension");
    return stripped;
  }

  private static void strip(ObjectNode cell) {
    ((ObjectNode) cell.path("metadata")).retain("tags");
    if (cell.path("cell_type").asText().equals("code")) {
      cell.putNull("execution_count");
      ArrayNode kept = JsonNodeFactory.instance.arrayNode();
      for (JsonNode output : cell.path("outputs")) {
        if (output.path("data").has(Png.TYPE)) {
          kept.add(picture(output.path("data").path(Png.TYPE)));
        }
      }
      cell.set("outputs", kept);
    }
  }

  private static ObjectNode picture(JsonNode data) {
    ObjectNode output = JsonNodeFactory.instance.objectNode();
    output.putObject("data").set(Png.TYPE, data);
    output.putObject("metadata");
    return output.put("output_type", "display_data");
  }

  /** A notebook's text in Jupyter's own form, so that saving it there changes no line. */
  static String text(JsonNode notebook) throws JsonProcessingException {
    DefaultIndenter lines = new DefaultIndenter(" ", "\n");
    DefaultPrettyPrinter form =
        new DefaultPrettyPrinter(
                Separators.createDefaultInstance()
                    .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                    .withObjectEmptySeparator("")
                    .withArrayEmptySeparator(""))
            .withObjectIndenter(lines)
            .withArrayIndenter(lines);
    Object sorted = JSON.treeToValue(notebook, TreeMap.class);
    return JSON.writer(form).writeValueAsString(sorted) + "\n";
  }
}
