package io.penstock.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class PeerTest {
  @Test
  void allNoneOrThoseNamed() {
    assertTrue(Peer.chosen("true").size() > 1);
    assertEquals(List.of(), Peer.chosen("false"));
    assertEquals(
        List.of("mllib", "dl4j-1"), Peer.chosen("mllib,dl4j-1").stream().map(Peer::name).toList());
    assertThrows(IllegalArgumentException.class, () -> Peer.chosen("dl4j"));
  }

  @Test
  void theRateIsFoundAmongWhatElseIsWritten() {
    Peer peer = Peer.chosen("mllib").get(0);
    assertEquals(
        new Peer.Run(143.5, "VectorBLAS"),
        peer.run(0, "WARN this\nPEER rows_per_s=143.5 blas=VectorBLAS\n"));
  }

  @Test
  void aPeerThatFailsSaysWhy() {
    Peer peer = Peer.chosen("mllib").get(0);
    for (String output : List.of("no memory", "PEER rows_per_s=-3.0 blas=none")) {
      IllegalStateException failed =
          assertThrows(IllegalStateException.class, () -> peer.run(0, output));
      assertTrue(failed.getMessage().contains(output));
    }
    assertThrows(IllegalStateException.class, () -> peer.run(1, "PEER rows_per_s=1.0 blas=none"));
  }

  @Test
  void slowPeersGetFewerRowsButABatch() {
    assertEquals(2048, Peer.chosen("mllib").get(0).rows(Work.named("W1")));
    assertEquals(64, Peer.chosen("mllib").get(0).rows(Work.named("small")));
    assertEquals(8192, Peer.chosen("dl4j-1").get(0).rows(Work.named("W1")));
  }
}
