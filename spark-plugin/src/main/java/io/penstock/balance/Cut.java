package io.penstock.balance;

import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Cut of a network into stages: consecutive runs of at least one layer. Immutable.
 *
 * @param starts the first layer of every stage, counted from 0, ascending; the first stage's is 0
 * @param layers the number of layers of the network
 */
public record Cut(List<Integer> starts, int layers) {

  /**
   * Copies the list and checks it.
   *
   * @throws IllegalArgumentException if the first stage does not start with layer 0, the starts do
   *     not ascend, or one lies behind the last layer
   */
  public Cut {
    starts = List.copyOf(starts);
    if (starts.isEmpty() || starts.get(0) != 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "stages start at layers %s; the first stage starts at layer 0", starts));
    }
    for (int stage = 0; stage < starts.size(); stage++) {
      int start = starts.get(stage);
      int end = stage + 1 < starts.size() ? starts.get(stage + 1) : layers;
      if (end <= start) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "stages start at layers %s of %d; stage %d has no layer, for %s",
                starts,
                layers,
                stage,
                why(start, end, layers)));
      }
    }
  }

  private static String why(int start, int end, int layers) {
    return start >= layers
        ? String.format(
            Locale.ROOT, "the last layer is %d; start the stage there or before", layers - 1)
        : String.format(
            Locale.ROOT, "layer %d does not come after layer %d; starts ascend", end, start);
  }

  /** Returns the number of stages. */
  public int stages() {
    return starts.size();
  }

  /** Returns the first layer of a stage. */
  public int first(int stage) {
    return starts.get(stage);
  }

  /** Returns the layer after a stage's last. */
  public int end(int stage) {
    return stage + 1 < starts.size() ? starts.get(stage + 1) : layers;
  }

  /**
   * Returns the stage that a layer lies on.
   *
   * @throws IllegalArgumentException if there is no such layer
   */
  public int stageOf(int layer) {
    if (layer < 0 || layer >= layers) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "there is no layer %d; the network has %d, counted from 0",
              layer,
              layers));
    }
    int found = Collections.binarySearch(starts, layer);
    return found >= 0 ? found : -found - 2;
  }
}
