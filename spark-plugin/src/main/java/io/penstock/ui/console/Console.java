package io.penstock.ui.console;

/** Somewhere a person reads how far runs are. For one thread. */
interface Console extends AutoCloseable {
  /**
   * Called several times a second.
   *
   * @param now milliseconds since 1970
   */
  void tick(long now);

  @Override
  void close();
}
