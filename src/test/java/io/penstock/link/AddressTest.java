package io.penstock.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.UUID;
import org.apache.commons.lang3.SerializationUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {
  @ParameterizedTest
  @ValueSource(strings = {"node-7.example", "10.0.0.7", "[fd00::7]", "fd00::7", "a/b c"})
  void whatIsPublishedIsReadBack(String host) {
    Address address = new Address(host, 4711, UUID.randomUUID(), UUID.randomUUID());
    assertEquals(address, SerializationUtils.roundtrip(address));
    assertEquals(host + ":4711", address.hostAndPort());
  }

  @Test
  void noTwoLinksShareAnAddress() {
    LinkConfig config = LinkConfig.on("127.0.0.1");
    try (Link one = Links.open(config);
        Link other = Links.open(config)) {
      assertNotEquals(one.address(), other.address());
    }
  }
}
