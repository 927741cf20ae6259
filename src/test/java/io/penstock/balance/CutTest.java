package io.penstock.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CutTest {
  @Test
  void stagesAreConsecutiveRunsOfLayers() {
    Cut cut = new Cut(List.of(0, 2, 3), 6);
    assertEquals(3, cut.stages());
    assertEquals(List.of(0, 2, 3), IntStream.range(0, 3).mapToObj(cut::first).toList());
    assertEquals(List.of(2, 3, 6), IntStream.range(0, 3).mapToObj(cut::end).toList());
    assertEquals(List.of(0, 0, 1, 2, 2, 2), IntStream.range(0, 6).mapToObj(cut::stageOf).toList());
  }

  @Test
  void everyStageHasALayer() {
    for (List<Integer> starts :
        List.of(List.of(0, 2, 2), List.of(0, 3, 2), List.of(0, 4), List.of(0, 5))) {
      var e = assertThrows(IllegalArgumentException.class, () -> new Cut(starts, 4));
      assertTrue(e.getMessage().contains("has no layer"), e.getMessage());
    }
  }

  @Test
  void startsThatDoNotAscendOrLieBehindTheLastLayerAreNamed() {
    var down = assertThrows(IllegalArgumentException.class, () -> new Cut(List.of(0, 3, 2), 4));
    assertTrue(down.getMessage().contains("layer 2 does not come after layer 3"));
    var out = assertThrows(IllegalArgumentException.class, () -> new Cut(List.of(0, 5), 4));
    assertTrue(out.getMessage().contains("the last layer is 3"), out.getMessage());
  }

  @Test
  void theFirstStageStartsWithTheFirstLayer() {
    assertThrows(IllegalArgumentException.class, () -> new Cut(List.of(1, 2), 4));
    assertThrows(IllegalArgumentException.class, () -> new Cut(List.of(), 4));
  }

  @Test
  void aLayerThatIsNotThereLiesOnNoStage() {
    Cut cut = new Cut(List.of(0, 2), 4);
    assertThrows(IllegalArgumentException.class, () -> cut.stageOf(-1));
    assertThrows(IllegalArgumentException.class, () -> cut.stageOf(4));
  }
}
