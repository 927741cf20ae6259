package io.penstock.link;

import io.penstock.Internal;
import java.io.Serializable;
import java.util.UUID;

/**
 * Network address of a link, which its rank publishes at the rendezvous. Immutable.
 *
 * @param host by which the peers reach it
 * @param port on which it listens
 * @param jvm random id of its process, by which peers of the same one know each other
 * @param link random id of the link: every frame repeats it, so that what a stale or forged peer
 *     sends to a port that has been taken over is refused
 */
@Internal
public record Address(String host, int port, UUID jvm, UUID link) implements Serializable {
  /** Returns host and port as people write them. */
  public String hostAndPort() {
    return host + ":" + port;
  }
}
