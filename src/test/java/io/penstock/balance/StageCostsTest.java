package io.penstock.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.penstock.schedule.Costs;
import io.penstock.schedule.LinkCost;
import java.util.List;
import org.junit.jupiter.api.Test;

class StageCostsTest {
  private static final LayerCosts LAYERS =
      new LayerCosts(
          List.of(
              new LayerCost(1, 2, 3, 1000, 10, 5),
              new LayerCost(10, 20, 30, 1000, 100, 50),
              new LayerCost(100, 200, 300, 1000, 1000, 500)),
          7);

  @Test
  void aStageTakesWhatItsLayersTake() {
    Costs costs = StageCosts.of(new Cut(List.of(0, 2), 3), LAYERS, 0.5, 25);
    assertEquals(List.of(11.0, 100.0), costs.forward());
    assertEquals(List.of(22.0, 200.0), costs.input());
    assertEquals(List.of(33.0, 300.0), costs.weight());
    assertEquals(0.5, costs.link(0, 1).latency());
    assertEquals(25, costs.link(0, 1).bandwidth());
  }

  @Test
  void whatAFrameTakesIsTheLinks() {
    LinkCost link = new LinkCost(0.5, 25, 0.125);
    Costs costs = StageCosts.of(new Cut(List.of(0, 2), 3), LAYERS, link);
    assertEquals(link, costs.link(0, 1));
    assertEquals(List.of(11.0, 100.0), costs.forward());
  }

  @Test
  void itKeepsItsInputAndWhatItsLayersAddAndSendsItsLastOutput() {
    Costs costs = StageCosts.of(new Cut(List.of(0, 2), 3), LAYERS, 0, 1);
    assertEquals(List.of(7.0 + 10 + 100, 50.0 + 1000), costs.activationBytes());
    assertEquals(List.of(50.0, 500.0), costs.frameBytes());
  }

  /** Kept by the stage that adds it, from its forward on; within a stage it is there anyway. */
  @Test
  void whatComesOverASkipIsKeptWhereItEndsOnAnotherStage() {
    LayerCosts skipped = new LayerCosts(LAYERS.layers(), 7, List.of(new SkipCost(0, 2, 3)));
    Costs two = StageCosts.of(new Cut(List.of(0, 2), 3), skipped, 0, 1);
    assertEquals(List.of(7.0, 50.0 + 3), two.inputBytes());
    assertEquals(List.of(7.0 + 10 + 100, 50.0 + 3 + 1000), two.activationBytes());
    assertEquals(List.of(7.0), StageCosts.of(new Cut(List.of(0), 3), skipped, 0, 1).inputBytes());
    Costs three = StageCosts.of(new Cut(List.of(0, 1, 2), 3), skipped, 0, 1);
    assertEquals(List.of(7.0, 5.0, 50.0 + 3), three.inputBytes());
    assertThrows(IllegalArgumentException.class, () -> new SkipCost(2, 2, 3));
    assertThrows(IllegalArgumentException.class, () -> new SkipCost(0, 2, -1));
  }

  @Test
  void aCutOfAnotherNetworkIsRefused() {
    Cut cut = new Cut(List.of(0, 2), 4);
    assertThrows(IllegalArgumentException.class, () -> StageCosts.of(cut, LAYERS, 0, 1));
  }
}
