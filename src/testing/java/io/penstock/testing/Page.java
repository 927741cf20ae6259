package io.penstock.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page of the documentation, in Markdown.
 *
 * @param name its path from the repository's root, with {@code /}
 * @param lines of the file
 */
public record Page(String name, List<String> lines) {
  private static final Pattern FENCE = Pattern.compile("^(\\s*)(`{3,}|~{3,})\\s*([^`\\s]*)[^`]*$");
  private static final Pattern SPAN = Pattern.compile("(?s)(?<!`)(`+)(?!`)(.+?)(?<!`)\\1(?!`)");

  /**
   * Text in backticks.
   *
   * @param line of the page on which it begins, from 1
   * @param text without the backticks; where it goes on in the next line, there is a space
   */
  public record Span(Page page, int line, String text) {
    /** Tells what is wrong with it, with its place. */
    public String complaint(String what) {
      return page.complaint(line, what);
    }
  }

  /** A page of that name and text. */
  public static Page of(String name, String text) {
    return new Page(name, text.lines().toList());
  }

  /** Every Markdown file below {@code root} that people wrote: see {@link SourceFiles}. */
  public static List<Page> all(Path root) {
    return SourceFiles.below(root, ".md").stream().map(file -> read(root, file)).toList();
  }

  private static Page read(Path root, Path file) {
    try {
      return of(root.relativize(file).toString().replace('\\', '/'), Files.readString(file));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** Tells what is wrong with a line of it, as {@code docs/page.md:12: what}. */
  public String complaint(int line, String what) {
    return name + ":" + line + ": " + what;
  }

  /**
   * Its fenced blocks, in order.
   *
   * @throws IllegalArgumentException with its place for one that does not close
   */
  public List<Fence> fences() {
    List<Fence> fences = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      Matcher opens = FENCE.matcher(lines.get(i));
      if (!opens.matches()) {
        continue;
      }
      int start = i;
      StringBuilder text = new StringBuilder();
      while (++i < lines.size() && !closes(lines.get(i), opens.group(2))) {
        text.append(without(opens.group(1).length(), lines.get(i))).append('\n');
      }
      if (i == lines.size()) {
        throw new IllegalArgumentException(
            complaint(start + 1, "this fence does not close: write " + opens.group(2)));
      }
      fences.add(new Fence(this, start + 1, opens.group(3), text.toString(), i + 1));
    }
    return fences;
  }

  private static boolean closes(String line, String fence) {
    String only = line.strip();
    return only.startsWith(fence) && only.chars().allMatch(letter -> letter == fence.charAt(0));
  }

  private static String without(int indentation, String line) {
    int spaces = line.length() - line.stripLeading().length();
    return line.substring(Math.min(indentation, spaces));
  }

  /** Its lines, as many as there are; those of fenced blocks are empty. */
  public List<String> prose() {
    List<String> prose = new ArrayList<>(lines);
    for (Fence fence : fences()) {
      for (int line = fence.line(); line <= fence.end(); line++) {
        prose.set(line - 1, "");
      }
    }
    return prose;
  }

  /**
   * What stands in backticks outside of fenced blocks, in order; of tables, {@code \|} is a bar.
   */
  public List<Span> spans() {
    List<Span> spans = new ArrayList<>();
    List<String> prose = prose();
    for (int first = 0; first < prose.size(); first++) {
      int last = first;
      // A span may go on in the next line of a paragraph, but not in the next row of a table.
      while (!isRow(prose.get(last)) && last + 1 < prose.size() && goesOn(prose.get(last + 1))) {
        last++;
      }
      String paragraph = String.join("\n", prose.subList(first, last + 1));
      Matcher span = SPAN.matcher(paragraph);
      while (span.find()) {
        int above = (int) paragraph.substring(0, span.start()).lines().count();
        boolean begins = span.start() == 0 || paragraph.charAt(span.start() - 1) == '\n';
        int line = first + (begins ? above + 1 : above);
        String text = span.group(2).replaceAll("\\s*\n\\s*", " ").replace("\\|", "|");
        spans.add(new Span(this, line, text.strip()));
      }
      first = last;
    }
    return spans;
  }

  private static boolean isRow(String line) {
    return line.stripLeading().startsWith("|");
  }

  private static boolean goesOn(String line) {
    return !line.isBlank() && !isRow(line);
  }
}
