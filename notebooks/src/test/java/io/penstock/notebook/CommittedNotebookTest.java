package io.penstock.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class CommittedNotebookTest {
  /** All pictures of a notebook are loaded when somebody looks at it. */
  private static final int LARGEST = 400_000;

  private static final Pattern HOME = Pattern.compile("/(home|root|Users|tmp|work)/");

  @Test
  void notebooksAreCommittedWithCellsAndPicturesOnly() throws IOException {
    for (Path file : Notebooks.jupyter()) {
      String committed = Files.readString(file);
      String stripped = CommittedNotebook.text(CommittedNotebook.strip(Notebooks.read(file)));
      assertEquals(stripped, committed, file + ": run notebooks/run --strip before you commit");
      assertFalse(HOME.matcher(committed).find(), file + " names a folder of someone's machine");
      assertTrue(committed.length() < LARGEST, file + " has " + committed.length() + " characters");
    }
  }

  @Test
  void allThreeAreThere() throws IOException {
    assertEquals(
        List.of("own-network-own-schedule.ipynb", "train.ipynb", "why-pipelines.ipynb"),
        Notebooks.jupyter().stream().map(file -> file.getFileName().toString()).toList());
  }

  @Test
  void everyFigureCanBeSeenOnACodeHost() throws IOException {
    for (Path file : Notebooks.jupyter()) {
      Notebooks.cells(Notebooks.read(file))
          .filter(Notebooks::isFigure)
          .forEach(
              cell ->
                  assertTrue(
                      Notebooks.hasPicture(cell),
                      () -> "run notebooks/run --update " + file + ": no picture of\n" + cell));
    }
  }

  @Test
  void textsCountsAndAnEditorsTracesAreTakenOut() throws IOException {
    JsonNode run =
        new ObjectMapper()
            .readTree(
                """
                {"cells": [
                 {"cell_type": "code", "id": "a", "execution_count": 3,
                  "metadata": {"tags": ["figure"], "execution": {"iopub.execute_input": "2026"}},
                  "outputs": [
                   {"output_type": "stream", "name": "stdout", "text": ["/home/me\\n"]},
                   {"output_type": "execute_result", "execution_count": 3, "metadata": {"w": 1},
                    "data": {"image/png": "iVBO", "text/html": ["<svg/>"], "text/plain": ["x"]}}],
                  "source": ["1 + 1"]}],
                 "metadata": {"kernelspec": {"name": "penstock-java"}, "widgets": {},
                  "language_info": {"name": "java", "version": "17.0.15"}},
                 "nbformat": 4, "nbformat_minor": 5}
                """);
    assertEquals(
        """
        {
         "cells": [
          {
           "cell_type": "code",
           "execution_count": null,
           "id": "a",
           "metadata": {
            "tags": [
             "figure"
            ]
           },
           "outputs": [
            {
             "data": {
              "image/png": "iVBO"
             },
             "metadata": {},
             "output_type": "display_data"
            }
           ],
           "source": [
            "1 + 1"
           ]
          }
         ],
         "metadata": {
          "kernelspec": {
           "name": "penstock-java"
          },
          "language_info": {
           "name": "java"
          }
         },
         "nbformat": 4,
         "nbformat_minor": 5
        }
        """,
        CommittedNotebook.text(CommittedNotebook.strip(run)));
  }
}
