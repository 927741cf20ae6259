package io.penstock.ui.console;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a terminal shows after all that was written to it: carriage returns, line feeds, wraps. */
final class Screen {
  private final int columns;
  private final List<char[]> rows = new ArrayList<>();
  private int row;
  private int column;

  Screen(int columns) {
    this.columns = columns;
    rows.add(blank());
  }

  /** A screen that this was written to. */
  static Screen of(int columns, String text) {
    Screen screen = new Screen(columns);
    text.chars().forEach(one -> screen.put((char) one));
    return screen;
  }

  private char[] blank() {
    char[] blank = new char[columns];
    Arrays.fill(blank, ' ');
    return blank;
  }

  private void put(char one) {
    switch (one) {
      case '\r' -> column = 0;
      case '\n' -> {
        column = 0;
        down();
      }
      default -> {
        if (column == columns) {
          column = 0;
          down();
        }
        rows.get(row)[column++] = one;
      }
    }
  }

  private void down() {
    row++;
    if (row == rows.size()) {
      rows.add(blank());
    }
  }

  /** Top to bottom, without blanks at the right, nor empty lines at the end. */
  List<String> lines() {
    List<String> lines =
        new ArrayList<>(rows.stream().map(one -> new String(one).stripTrailing()).toList());
    while (!lines.isEmpty() && lines.get(lines.size() - 1).isEmpty()) {
      lines.remove(lines.size() - 1);
    }
    return lines;
  }

  /** The column of the cursor. */
  int column() {
    return column;
  }
}
