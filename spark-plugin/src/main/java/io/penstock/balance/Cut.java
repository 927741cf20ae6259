package io.penstock.balance;

import java.util.Collections;
import java.util.List;

/**
 * Which layers lie on which stage: consecutive runs of at least one layer. Immutable.
 *
 * @param starts the first layer of every stage, ascending, starting with 0
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
          "stages start at layers %s; the first stage starts at layer 0".formatted(starts));
    }
    for (int stage = 0; stage < starts.size(); stage++) {
      int start = starts.get(stage);
      int end = stage + 1 < starts.size() ? starts.get(stage + 1) : layers;
      if (end <= start) {
        throw new IllegalArgumentException(
            "stages start at layers %s of %d; stage %d has no layer, for %s"
                .formatted(starts, layers, stage, why(start, end, layers)));
      }
    }
  }

  private static String why(int start, int end, int layers) {
    return start >= layers
        ? "the last layer is %d; start the stage there or before".formatted(layers - 1)
        : "layer %d does not come after layer %d; starts ascend".formatted(end, start);
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
          "there is no layer %d; the network has %d, counted from 0".formatted(layer, layers));
    }
    int found = Collections.binarySearch(starts, layer);
    return found >= 0 ? found : -found - 2;
  }
}
