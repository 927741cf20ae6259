package io.penstock.gpucheck;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a part found: said at once, and added as tables to a file in the end. For one thread. */
final class Report {
  private final PrintStream out;
  private final List<String> page = new ArrayList<>();
  private final List<String> wrong = new ArrayList<>();

  Report(PrintStream out) {
    this.out = out;
  }

  /** Begins a section. */
  void section(String title) {
    out.println("== " + title);
    page.add("");
    page.add("## " + title);
    page.add("");
  }

  /** Begins a table. */
  void table(String... columns) {
    page.add("");
    row((Object[]) columns);
    page.add("|" + "---|".repeat(columns.length));
  }

  /** Adds a row to a table. */
  void row(Object... cells) {
    List<String> words = new ArrayList<>();
    for (Object cell : cells) {
      words.add(
          cell instanceof Double number
              ? String.format(Locale.ROOT, "%.3g", number)
              : cell.toString().replace("|", "/"));
    }
    out.println("  " + String.join("  ", words));
    page.add("| " + String.join(" | ", words) + " |");
  }

  /** Adds a sentence. */
  void line(String sentence) {
    out.println("  " + sentence);
    page.add("- " + sentence);
  }

  /** Adds something that is wrong, for which the check fails. */
  void wrong(String sentence) {
    wrong.add(sentence);
    line("**WRONG**: " + sentence);
  }

  /** Returns all that is wrong. */
  List<String> wrong() {
    return List.copyOf(wrong);
  }

  /** Adds all to a file. */
  void addTo(Path file) {
    page.add("");
    try {
      Files.write(
          file, page, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException("The report cannot be written to " + file, e);
    }
  }
}
