package io.penstock.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {
  @ParameterizedTest
  @ValueSource(strings = {"node-7.example", "10.0.0.7", "[fd00::7]", "fd00::7"})
  void whatIsPublishedIsReadBack(String host) {
    Address address = new Address(host, 4711, UUID.randomUUID(), UUID.randomUUID());
    assertEquals(address, Address.parse(address.toString()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "host", "host:1", "host:1/x/y", "host:no/a/b", ":1/a/b", "a/b/c/d"})
  void aMalformedAddressIsRefusedByName(String text) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> Address.parse(text)).getMessage();
    assertTrue(message.startsWith("\"" + text + "\" is not the address of a link."), message);
  }

  @Test
  void noTwoLinksShareAnAddress() {
    LinkConfig config = LinkConfig.on("127.0.0.1");
    try (Link one = Links.open(config);
        Link other = Links.open(config)) {
      assertTrue(!one.address().equals(other.address()));
    }
  }
}
