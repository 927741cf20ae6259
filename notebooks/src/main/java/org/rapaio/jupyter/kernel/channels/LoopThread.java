package org.rapaio.jupyter.kernel.channels;

/**
 * Repeats the body of one of the kernel's channels until it is shut down.
 *
 * <p>It stands in for the class of this name in rapaio-jupyter-kernel 3.0.1, which must come later
 * on the class path. That one says that it runs only after its thread has started, so a thread that
 * is quick finds that it does not and ends: a kernel in four never answers. And it starts at once,
 * while nobody handles what it reads yet. This one runs from the beginning, and its first turn
 * waits for the lock on this class, which {@link org.rapaio.jupyter.kernel.MainApp} holds until all
 * is connected.
 */
public final class LoopThread extends Thread {
  private final long sleepMillis;
  private final Runnable body;
  private volatile boolean down;

  /**
   * A loop that has not started.
   *
   * @param name of the thread
   * @param sleepMillis pause between two turns, in milliseconds
   * @param body one turn
   */
  public LoopThread(String name, long sleepMillis, Runnable body) {
    super(name);
    this.sleepMillis = sleepMillis;
    this.body = body;
  }

  @Override
  public void run() {
    awaitConnection();
    try {
      while (!down) {
        body.run();
        Thread.sleep(sleepMillis);
      }
    } catch (InterruptedException ended) {
      // Nobody but a kernel that ends interrupts it.
    }
  }

  private static void awaitConnection() {
    synchronized (LoopThread.class) {
      // Whoever connects holds this lock meanwhile; there is nothing to do once it is let go.
    }
  }

  /** Lets the present turn be the last. */
  public void shutdown() {
    down = true;
  }
}
