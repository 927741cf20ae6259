package io.penstock.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class GreetingTest {
  private static final UUID LINK = new UUID(-1, 3);

  @Test
  void whatIsSaidIsHeard() {
    for (Greeting said :
        new Greeting[] {
          Greeting.hello(LINK, 0),
          Greeting.goodbye(LINK, 9, ""),
          Greeting.goodbye(LINK, 1, "größer")
        }) {
      assertEquals(said, Greeting.decode(said.encode()));
    }
  }

  @Test
  void noiseIsRefused() {
    assertThrows(LinkException.class, () -> Greeting.decode(ByteBuffer.allocate(0)));
    assertThrows(LinkException.class, () -> Greeting.decode(ByteBuffer.wrap(new byte[] {9, 9, 9})));
  }
}
