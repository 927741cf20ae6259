package io.penstock.ui.console;

/** Console in which a person reads the progress of runs. For one thread. */
interface Console extends AutoCloseable {
  /**
   * Draws the progress anew, several times a second.
   *
   * @param now milliseconds since 1970
   */
  void tick(long now);

  @Override
  void close();
}
