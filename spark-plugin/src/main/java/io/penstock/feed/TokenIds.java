package io.penstock.feed;

import io.penstock.Amount;
import java.util.Locale;
import java.util.function.IntFunction;

/**
 * Vocabulary of token ids that a network's embedding has vectors of. Immutable. Ids are whole
 * numbers from 0, and any negative one for padding.
 *
 * @param count how many they are
 */
record TokenIds(long count) {
  /**
   * Checks a row's features.
   *
   * @param names the column of each feature, for the message
   * @throws BadRowException for the first that is no such id
   */
  void check(float[] values, int offset, int length, IntFunction<String> names, RowPosition place) {
    for (int i = 0; i < length; i++) {
      float id = values[offset + i];
      if (id >= count || id > 0 && id != Math.rint(id)) {
        throw place.bad(names.apply(i), complaint(id));
      }
    }
  }

  private String complaint(float id) {
    return String.format(
        Locale.ROOT,
        "is %s, which is not one of the embedding's %s, whole numbers from 0: give ids below"
            + " %d. Map rare and unknown ones to one id, or build the network with a larger"
            + " vocabulary.",
        id == Math.rint(id) ? Long.toString((long) id) : Float.toString(id),
        new Amount(count, "id"),
        count);
  }
}
