package io.penstock.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class PeerTest {
  private static final Work W1 = Work.named("W1");

  @Test
  void allNoneOrThoseNamed() {
    assertTrue(Peer.chosen("true", W1).size() > 1);
    assertEquals(List.of(), Peer.chosen("false", W1));
    assertEquals(
        List.of("mllib", "dl4j-1"),
        Peer.chosen("mllib,dl4j-1", W1).stream().map(Peer::name).toList());
    assertThrows(IllegalArgumentException.class, () -> Peer.chosen("dl4j", W1));
  }

  @Test
  void aPeerIsRefusedWorkThatItCannotDo() {
    for (String perceptronsOnly : List.of("dl4j-1", "mllib")) {
      for (String other : List.of("W2", "W3")) {
        IllegalArgumentException refused =
            assertThrows(
                IllegalArgumentException.class,
                () -> Peer.chosen(perceptronsOnly, Work.named(other)));
        assertTrue(refused.getMessage().contains(other), refused.getMessage());
      }
    }
    assertEquals(Torch.peers().size(), Peer.chosen("true", Work.named("W2")).size());
    assertTrue(Peer.chosen("true", W1).size() > Torch.peers().size());
    assertThrows(IllegalArgumentException.class, () -> Peer.chosen("torch", Work.named("small")));
  }

  @Test
  void theRateIsFoundAmongWhatElseIsWritten() {
    Peer peer = Peer.chosen("mllib", W1).get(0);
    assertEquals(
        new Peer.Run(143.5, "VectorBLAS"),
        peer.run(0, "WARN this\nPEER rows_per_s=143.5 blas=VectorBLAS\n"));
  }

  @Test
  void aPeerThatFailsSaysWhy() {
    Peer peer = Peer.chosen("mllib", W1).get(0);
    for (String output : List.of("no memory", "PEER rows_per_s=-3.0 blas=none")) {
      IllegalStateException failed =
          assertThrows(IllegalStateException.class, () -> peer.run(0, output));
      assertTrue(failed.getMessage().contains(output));
    }
    assertThrows(IllegalStateException.class, () -> peer.run(1, "PEER rows_per_s=1.0 blas=none"));
  }

  @Test
  void slowPeersGetFewerRowsButABatch() {
    assertEquals(2048, Peer.chosen("mllib", W1).get(0).rows(Work.named("W1")));
    assertEquals(64, Peer.chosen("mllib", W1).get(0).rows(Work.named("small")));
    assertEquals(8192, Peer.chosen("dl4j-1", W1).get(0).rows(Work.named("W1")));
  }
}
