package io.penstock.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.testing.Command;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("slow")
class JupyterNotebooksTest {
  /**
   * How many each must show: one that lost its tag would not be missed, nor a notebook that went.
   */
  private static final Map<String, Integer> FIGURES =
      Map.of("why-pipelines.ipynb", 8, "train.ipynb", 5, "own-network-own-schedule.ipynb", 4);

  private static Jupyter jupyter;

  static List<Path> notebooks() throws IOException {
    return Notebooks.jupyter();
  }

  @BeforeAll
  static void installKernel() throws IOException, InterruptedException {
    jupyter = Jupyter.orSkip();
  }

  @ParameterizedTest
  @MethodSource("notebooks")
  @Execution(ExecutionMode.CONCURRENT) // each has a process of its own
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void runsFromTheFirstCellToTheLastAndShowsEveryFigure(Path notebook)
      throws IOException, InterruptedException {
    Command.Outcome outcome =
        jupyter.run(
            List.of(
                "jupyter",
                "nbconvert",
                "--to=notebook",
                "--execute",
                "--ExecutePreprocessor.startup_timeout=120",
                "--output-dir=" + Path.of("executed").toAbsolutePath(),
                notebook.toString()));
    assertEquals(0, outcome.status(), outcome.out());
    JsonNode executed = Notebooks.read(Path.of("executed").resolve(notebook.getFileName()));
    List<JsonNode> figures = Notebooks.cells(executed).filter(Notebooks::isFigure).toList();
    figures.forEach(
        cell ->
            assertTrue(
                Notebooks.hasPicture(cell), () -> "no picture of " + Notebooks.source(cell)));
    assertEquals(
        FIGURES.get(notebook.getFileName().toString()), figures.size(), "figures expected");
    assertEquals(List.of(), errors(executed));
  }

  /** Outputs that say that something failed though the cell did not. */
  private static List<String> errors(JsonNode executed) {
    return Notebooks.cells(executed)
        .flatMap(cell -> cell.path("outputs").findValuesAsText("output_type").stream())
        .filter(type -> type.equals("error"))
        .toList();
  }
}
