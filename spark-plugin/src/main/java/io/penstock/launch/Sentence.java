package io.penstock.launch;

import io.penstock.Internal;

/** Words that are put together from others', which may or may not end in a full stop. */
@Internal
public final class Sentence {
  private Sentence() {}

  /** The words with one full stop, or whatever else ends a sentence. */
  public static String of(String words) {
    String stripped = words.strip();
    boolean ended =
        !stripped.isEmpty() && ".!?".indexOf(stripped.charAt(stripped.length() - 1)) >= 0;
    return ended ? stripped : stripped + ".";
  }
}
