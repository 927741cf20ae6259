package io.penstock.docs;

import io.penstock.testing.Fence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One command of a block of shell.
 *
 * @param line of the block on which it begins, from 1
 * @param environment what is set for it alone, {@code NAME=value} before it
 * @param words the program and its arguments, without quotes; empty where it only sets variables
 * @param out the file that its output goes to; empty where it goes to the console
 */
record ShellCommand(
    Fence fence, int line, Map<String, String> environment, List<String> words, String out) {

  /** Tells what is wrong with it, with its place. */
  String complaint(String what) {
    return fence.complaint(line, what);
  }

  /** The program. */
  String program() {
    return words.isEmpty() ? "" : words.get(0);
  }

  /** Its arguments. */
  List<String> arguments() {
    return words.subList(1, words.size());
  }

  /** This command as if it stood without its first word. */
  ShellCommand withoutProgram() {
    return new ShellCommand(fence, line, environment, arguments(), out);
  }

  /**
   * The commands of a block, in order: lines are joined at {@code \}, comments left out, and {@code
   * &&}, {@code ||}, {@code ;} and {@code |} part commands.
   *
   * @throws IllegalArgumentException with its place for a quote that does not close
   */
  static List<ShellCommand> of(Fence fence) {
    return new Reader(fence).commands();
  }

  /** Reads letter by letter. */
  private static final class Reader {
    private final Fence fence;
    private final String text;
    private final List<ShellCommand> commands = new ArrayList<>();
    private List<String> words = new ArrayList<>();
    private StringBuilder word;
    private int at;
    private int line = 1;
    private int begins;

    Reader(Fence fence) {
      this.fence = fence;
      this.text = fence.text();
    }

    List<ShellCommand> commands() {
      while (at < text.length()) {
        char letter = text.charAt(at);
        if (letter == '\\' && at + 1 < text.length()) {
          escaped(text.charAt(at + 1));
        } else if (letter == '\'' || letter == '"') {
          quoted(letter);
        } else if (letter == '#' && word == null) {
          at = text.indexOf('\n', at);
        } else if (letter == '\n' || letter == ';' || letter == '|' || text.startsWith("&&", at)) {
          endCommand();
          at += text.startsWith("&&", at) || text.startsWith("||", at) ? 2 : 1;
          line += letter == '\n' ? 1 : 0;
        } else if (Character.isWhitespace(letter)) {
          endWord();
          at++;
        } else {
          append(letter);
          at++;
        }
      }
      endCommand();
      return commands;
    }

    private void escaped(char letter) {
      if (letter == '\n') {
        endWord();
        line++;
      } else {
        append(letter);
      }
      at += 2;
    }

    private void quoted(char quote) {
      int end = text.indexOf(quote, at + 1);
      if (end < 0) {
        throw new IllegalArgumentException(
            fence.complaint(line, "this " + quote + " is not closed"));
      }
      String inside = text.substring(at + 1, end);
      if (word == null) {
        beginWord();
      }
      word.append(inside);
      line += (int) inside.chars().filter(letter -> letter == '\n').count();
      at = end + 1;
    }

    private void append(char letter) {
      if (word == null) {
        beginWord();
      }
      word.append(letter);
    }

    private void beginWord() {
      word = new StringBuilder();
      if (words.isEmpty()) {
        begins = line;
      }
    }

    private void endWord() {
      if (word != null) {
        words.add(word.toString());
        word = null;
      }
    }

    private void endCommand() {
      endWord();
      if (words.isEmpty()) {
        return;
      }
      Map<String, String> environment = new LinkedHashMap<>();
      while (!words.isEmpty() && words.get(0).matches("(?s)[A-Za-z_]\\w*=.*")) {
        String[] nameAndValue = words.remove(0).split("=", 2);
        environment.put(nameAndValue[0], nameAndValue[1]);
      }
      String out = "";
      int arrow = words.indexOf(">");
      if (arrow >= 0 && arrow + 1 < words.size()) {
        words.remove(arrow);
        out = words.remove(arrow);
      }
      commands.add(new ShellCommand(fence, begins, environment, List.copyOf(words), out));
      words = new ArrayList<>();
    }
  }
}
