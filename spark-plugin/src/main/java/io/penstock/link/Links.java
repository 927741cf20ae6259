package io.penstock.link;

import io.penstock.Internal;
import io.penstock.array.DeviceMemory;

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
    return open(config, null);
  }

  /**
   * Opens a link whose frames lie where a device copies them fastest, and listens.
   *
   * @param memory of the device that this rank computes on; null for a rank that computes where the
   *     frames lie
   * @throws LinkException when the port cannot be bound
   */
  public static Link open(LinkConfig config, DeviceMemory memory) {
    return new RankLink(
        config, memory == null ? Transfer.ofThisThread() : new LockedTransfer(memory));
  }
}
