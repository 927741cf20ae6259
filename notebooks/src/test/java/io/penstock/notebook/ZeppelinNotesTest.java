package io.penstock.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * That the notes parse and that their code runs on this Spark. Not that Zeppelin's own interpreter
 * runs it: see the README beside them.
 */
@Tag("slow")
class ZeppelinNotesTest {
  private static ScalaInterpreter scala;

  @BeforeAll
  static void start() throws IOException {
    scala =
        new ScalaInterpreter(
            SparkSession.builder()
                .master("local[3]")
                .config("spark.plugins", "io.penstock.launch.plugin.PenstockPlugin")
                .config("spark.sql.shuffle.partitions", 4));
  }

  @AfterAll
  static void stop() throws IOException {
    scala.close();
  }

  static List<Path> notes() throws IOException {
    return Notebooks.zeppelin();
  }

  @ParameterizedTest
  @MethodSource("notes")
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void everyParagraphRunsAndFiguresAreShown(Path note) throws IOException {
    for (JsonNode paragraph : paragraphs(note).toList()) {
      String text = paragraph.path("text").asText();
      if (text.startsWith("%spark\n")) {
        ScalaInterpreter.Outcome outcome = scala.run(text.substring("%spark\n".length()));
        assertTrue(outcome.success(), () -> text + "\n\n" + outcome.text());
        if (paragraph.path("config").path("figure").asBoolean()) {
          assertTrue(
              outcome.text().matches("(?s)%(html <(div|img|table)|table .*\n).*"),
              () -> "no figure of\n" + text + "\n\n" + outcome.text());
        }
      } else {
        assertTrue(text.startsWith("%md\n"), text);
      }
    }
  }

  @Test
  void aParagraphThatFailsIsNoticed() {
    assertTrue(!scala.run("val x: Int = \"text\"").success());
    assertTrue(!scala.run("throw new RuntimeException(\"wrong\")").success());
    assertTrue(!scala.run("val open = (").success());
  }

  @Test
  void notesHaveTheSectionsOfTheNotebooks() throws IOException {
    assertEquals(names(Notebooks.jupyter()), names(notes()));
    for (Path note : notes()) {
      Path notebook = Notebooks.FOLDER.resolve("jupyter").resolve(name(note) + ".ipynb");
      assertEquals(
          Notebooks.headings(
              Notebooks.cells(Notebooks.read(notebook))
                  .filter(cell -> cell.path("cell_type").asText().equals("markdown"))
                  .map(Notebooks::source)),
          Notebooks.headings(
              paragraphs(note)
                  .map(paragraph -> paragraph.path("text").asText())
                  .filter(text -> text.startsWith("%md\n"))),
          note.toString());
    }
  }

  @Test
  void notesAreCommittedWithoutResults() throws IOException {
    for (Path note : notes()) {
      paragraphs(note)
          .forEach(
              paragraph ->
                  assertTrue(
                      !paragraph.has("results") && !paragraph.has("dateStarted"),
                      () -> note + " holds a result of\n" + paragraph.path("text").asText()));
    }
  }

  private static Stream<JsonNode> paragraphs(Path note) throws IOException {
    return StreamSupport.stream(Notebooks.read(note).path("paragraphs").spliterator(), false);
  }

  private static List<String> names(List<Path> files) {
    return files.stream().map(ZeppelinNotesTest::name).toList();
  }

  private static String name(Path file) {
    return file.getFileName().toString().replaceFirst("\\..*", "");
  }
}
