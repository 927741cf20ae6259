package io.penstock.ml;

import java.util.List;

/**
 * One way to be wrong, and what must be said of it.
 *
 * @param name what is wrong
 * @param attempt does it
 * @param words fragments of the message: the value, the param or column, and what to do
 */
record Mistake(String name, Attempt attempt, List<String> words) {
  /** Something that is to be refused. */
  interface Attempt {
    void make(Bench bench) throws Exception;
  }

  @Override
  public String toString() {
    return name;
  }
}
