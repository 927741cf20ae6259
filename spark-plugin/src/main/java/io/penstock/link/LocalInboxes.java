package io.penstock.link;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The inboxes of this JVM by link id: the one piece of state that is shared by the whole process,
 * since tasks of one executor know of each other by nothing else. An entry lives from the opening
 * to the closing of its link.
 */
final class LocalInboxes {
  /**
   * Tells whether an address is in this JVM; in another class loader it differs, and the network is
   * used.
   */
  static final UUID JVM = UUID.randomUUID();

  private static final Map<UUID, Inbox> BY_LINK = new ConcurrentHashMap<>();

  private LocalInboxes() {}

  static void add(UUID link, Inbox inbox) {
    BY_LINK.put(link, inbox);
  }

  /** The inbox of a link, or null when it is closed. */
  static Inbox find(UUID link) {
    return BY_LINK.get(link);
  }

  static void remove(UUID link) {
    BY_LINK.remove(link);
  }
}
