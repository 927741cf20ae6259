package io.penstock.link;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * Handshake: the first and the last request of a peer on a connection, which the other side
 * confirms. Frames that were sent before a goodbye have arrived before it. Immutable.
 *
 * @param link the link that is spoken to
 * @param fromRank who speaks
 * @param trouble with a goodbye: why the rank failed; empty after a good end
 */
record Handshake(Kind kind, UUID link, int fromRank, String trouble) {
  enum Kind {
    HELLO,
    GOODBYE
  }

  static Handshake hello(UUID link, int fromRank) {
    return new Handshake(Kind.HELLO, link, fromRank, "");
  }

  static Handshake goodbye(UUID link, int fromRank, String trouble) {
    return new Handshake(Kind.GOODBYE, link, fromRank, trouble);
  }

  ByteBuffer encode() {
    byte[] text = trouble.getBytes(StandardCharsets.UTF_8);
    ByteBuffer out = ByteBuffer.allocate(1 + 2 * Long.BYTES + Integer.BYTES + text.length);
    // Spark's authentication claims first bytes from 0xEA: kinds must stay below.
    out.put((byte) kind.ordinal());
    out.putLong(link.getMostSignificantBits()).putLong(link.getLeastSignificantBits());
    return out.putInt(fromRank).put(text).flip();
  }

  /**
   * Reads a handshake.
   *
   * @throws LinkException when these bytes are no handshake of this version
   */
  static Handshake decode(ByteBuffer in) {
    try {
      Kind kind = Kind.values()[in.get()];
      UUID link = new UUID(in.getLong(), in.getLong());
      int fromRank = in.getInt();
      return new Handshake(kind, link, fromRank, StandardCharsets.UTF_8.decode(in).toString());
    } catch (RuntimeException e) {
      throw new LinkException(
          "A peer's handshake cannot be read. Run the same version of Penstock on every executor.",
          e);
    }
  }
}
