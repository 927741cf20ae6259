package io.penstock.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ChannelTest {
  private static final int KINDS = Channel.class.getPermittedSubclasses().length;

  @Test
  void everyKindComesBackFromTheWire() {
    Set<Class<?>> seen = new HashSet<>();
    for (byte code = 0; code < KINDS; code++) {
      Channel channel = Channel.of(code, 3);
      assertEquals(code, channel.code());
      assertEquals(channel, Channel.of(channel.code(), channel.index()));
      seen.add(channel.getClass());
    }
    assertEquals(Set.of(Channel.class.getPermittedSubclasses()), seen);
  }

  @Test
  void anUnknownCodeIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> Channel.of((byte) KINDS, 0));
    assertThrows(IllegalArgumentException.class, () -> Channel.of((byte) -1, 0));
  }

  @Test
  void activationsAndTheirGradientsAloneAreRounded() {
    for (byte code = 0; code < KINDS; code++) {
      assertEquals(code <= 3, Channel.of(code, 0).carriesActivations(), "code " + code);
    }
  }
}
