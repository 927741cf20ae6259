package io.penstock.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

@Timeout(120)
@ExtendWith(QuietSpark.class)
class RemotePeerTest {

  @Test
  void aFrameGoesToAnotherProcessAndBack() throws Exception {
    try (OtherProcess other = new OtherProcess();
        Link link = Links.open(LinkConfig.on("127.0.0.1"))) {
      other.join(link);
      INDArray array = Nd4j.rand(DataType.FLOAT, 640, 1024).dup('f');
      link.send(1, OtherProcess.THERE, array);
      INDArray back = link.receive(OtherProcess.BACK, () -> false).array();
      assertEquals(array, back);
      assertEquals('f', back.ordering());
    }
  }

  @Test
  void aKilledPeerEndsEveryWait() throws Exception {
    try (OtherProcess other = new OtherProcess();
        Link link = Links.open(LinkConfig.on("127.0.0.1"))) {
      other.join(link);
      other.close();
      LinkException ended =
          assertThrows(LinkException.class, () -> link.receive(OtherProcess.BACK, () -> false));
      LostPeerException lost = assertInstanceOf(LostPeerException.class, ended.getCause());
      assertEquals(LostPeerException.Loss.CONNECTION, lost.loss());
      assertEquals(1, lost.rank());
      String told = lost.getMessage();
      assertTrue(told.startsWith("The connection to rank 1 at 127.0.0.1:"), told);
    }
  }

  @Test
  void sendReturnsAtOnceThoughThePeerTakesNothing() throws Exception {
    try (OtherProcess other = new OtherProcess();
        Link link = Links.open(LinkConfig.on("127.0.0.1"))) {
      other.join(link);
      other.freeze();
      INDArray array = Nd4j.rand(DataType.FLOAT, 1024, 4096);
      for (int i = 0; i < 8; i++) {
        link.send(1, new Tag(new Channel.Activation(1), 1, i), array);
      }
      // 128 MiB are more than the sockets hold: a send that waited would wait for ever.
      assertEquals(8, link.stats().framesInFlight());
      other.close();
      assertThrows(LinkException.class, () -> link.receive(OtherProcess.BACK, () -> false));
    }
  }
}
