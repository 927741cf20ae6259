package io.penstock.link;

import io.penstock.Internal;

/** Factory of links. Thread-safe. */
@Internal
public final class Links {
  private Links() {}

  /**
   * Opens a link and listens; the peers come with {@link Link#connect}.
   *
   * @throws LinkException when the port cannot be bound
   */
  public static Link open(LinkConfig config) {
    return new RankLink(config);
  }
}
