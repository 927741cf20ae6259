package io.penstock.link;

import java.util.UUID;

/**
 * Network address of a link: {@code host:port/jvm/link}. Immutable. The link's id is random and
 * every frame repeats it, so that what a stale or forged peer sends to a port that has been taken
 * over is refused.
 */
record Address(String host, int port, UUID jvm, UUID link) {

  static Address parse(String text) {
    String[] parts = text.split("/");
    int colon = parts[0].lastIndexOf(':');
    try {
      if (parts.length == 3 && colon > 0) {
        return new Address(
            parts[0].substring(0, colon),
            Integer.parseInt(parts[0].substring(colon + 1)),
            UUID.fromString(parts[1]),
            UUID.fromString(parts[2]));
      }
    } catch (IllegalArgumentException e) {
      // reported below, like every other malformed address
    }
    throw new IllegalArgumentException(
        "\"" + text + "\" is not the address of a link. Pass what address() of the peer returned.");
  }

  String hostAndPort() {
    return host + ":" + port;
  }

  @Override
  public String toString() {
    return hostAndPort() + "/" + jvm + "/" + link;
  }
}
