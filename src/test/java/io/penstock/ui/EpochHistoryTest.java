package io.penstock.ui;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.event.EpochCompleted;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EpochHistoryTest {
  private static EpochHistory after(int epochs) {
    EpochHistory history = EpochHistory.NONE;
    for (int epoch = 0; epoch < epochs; epoch++) {
      history = history.with(Samples.epoch("r", epoch));
    }
    return history;
  }

  private static List<Integer> kept(EpochHistory history) {
    return history.kept().stream().map(EpochCompleted::epoch).toList();
  }

  @Test
  void fewAreAllKept() {
    assertEquals(
        IntStream.range(0, EpochHistory.MOST).boxed().toList(), kept(after(EpochHistory.MOST)));
  }

  @Test
  void ofManyThereIsEveryNthAndTheNewest() {
    for (int epochs : new int[] {EpochHistory.MOST + 1, 1234, 5000}) {
      EpochHistory history = after(epochs);
      List<Integer> kept = kept(history);
      assertTrue(kept.size() <= EpochHistory.MOST && kept.size() > EpochHistory.MOST / 3);
      assertEquals(epochs - 1, kept.get(kept.size() - 1));
      assertEquals(epochs - 1, history.newest().orElseThrow().epoch());
      kept.subList(0, kept.size() - 1)
          .forEach(epoch -> assertEquals(0, epoch % history.stride(), kept.toString()));
    }
  }
}
