package io.penstock.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class HandshakeTest {
  private static final UUID LINK = new UUID(-1, 3);

  @Test
  void whatIsSaidIsHeard() {
    for (Handshake said :
        new Handshake[] {
          Handshake.hello(LINK, 0),
          Handshake.goodbye(LINK, 9, ""),
          Handshake.goodbye(LINK, 1, "größer")
        }) {
      assertEquals(said, Handshake.decode(said.encode()));
    }
  }

  @Test
  void noiseIsRefused() {
    assertThrows(LinkException.class, () -> Handshake.decode(ByteBuffer.allocate(0)));
    assertThrows(
        LinkException.class, () -> Handshake.decode(ByteBuffer.wrap(new byte[] {9, 9, 9})));
  }
}
