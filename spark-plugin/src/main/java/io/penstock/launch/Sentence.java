package io.penstock.launch;

import io.penstock.Internal;

/**
 * Punctuation of sentences made of others' words, which may or may not end in a full stop.
 * Stateless; any thread may call.
 */
@Internal
public final class Sentence {
  private Sentence() {}

  /** Returns the words with one full stop, or whatever else ends a sentence. */
  public static String of(String words) {
    String stripped = words.strip();
    boolean ended =
        !stripped.isEmpty() && ".!?".indexOf(stripped.charAt(stripped.length() - 1)) >= 0;
    return ended ? stripped : stripped + ".";
  }
}
