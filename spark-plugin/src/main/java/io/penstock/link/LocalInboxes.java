package io.penstock.link;

import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The inboxes of this JVM by link id: the one piece of state that is shared by the whole process,
 * since tasks of one executor know of each other by nothing else. An entry lives from the opening
 * to the closing of its link. Thread-safe.
 */
final class LocalInboxes {
  /**
   * Id by which an address is known to be in this JVM; in another class loader it differs, and the
   * network is used.
   */
  static final UUID JVM = UUID.randomUUID();

  private record Open(Inbox inbox, int device) {}

  private static final Map<UUID, Open> BY_LINK = new ConcurrentHashMap<>();

  private LocalInboxes() {}

  /**
   * Adds a link's inbox.
   *
   * @param device CUDA's number of the GPU that its rank computes on; -1 for the host
   */
  static void add(UUID link, Inbox inbox, int device) {
    BY_LINK.put(link, new Open(inbox, device));
  }

  /** Returns the inbox of a link, or null when it is closed. */
  static Inbox find(UUID link) {
    Open open = BY_LINK.get(link);
    return open == null ? null : open.inbox();
  }

  /**
   * Returns CUDA's number of the GPU that a link's rank computes on, -1 for the host; empty when it
   * is closed.
   */
  static OptionalInt device(UUID link) {
    Open open = BY_LINK.get(link);
    return open == null ? OptionalInt.empty() : OptionalInt.of(open.device());
  }

  static void remove(UUID link) {
    BY_LINK.remove(link);
  }
}
