package io.penstock.examples;

/**
 * The characters that a language model knows, numbered from 1 by their order in Unicode; 0 is any
 * other.
 *
 * @param characters each once, ascending
 */
record Vocabulary(String characters) {
  private static final char UNKNOWN = '\uFFFD';

  /** All characters of a text. */
  static Vocabulary of(String text) {
    StringBuilder characters = new StringBuilder();
    text.chars().distinct().sorted().forEach(one -> characters.append((char) one));
    return new Vocabulary(characters.toString());
  }

  /** How many ids there are. */
  int size() {
    return characters.length() + 1;
  }

  /** The ids of a text, one a character. */
  int[] ids(String text) {
    return text.chars().map(one -> characters.indexOf(one) + 1).toArray();
  }

  /** The character of an id. */
  char character(int id) {
    return id == 0 ? UNKNOWN : characters.charAt(id - 1);
  }
}
