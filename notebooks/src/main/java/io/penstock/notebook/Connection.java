package io.penstock.notebook;

import java.security.GeneralSecurityException;
import java.util.Set;
import java.util.stream.Collectors;
import org.rapaio.jupyter.kernel.channels.Channels;
import org.rapaio.jupyter.kernel.channels.LoopThread;
import org.rapaio.jupyter.kernel.core.ConnectionProperties;

/**
 * Connection to a Jupyter client whose channels all listen.
 *
 * <p>Those of rapaio-jupyter-kernel 3.0.1 (to 3.0.4) need not. Each reads in a thread that says
 * that it runs only after it has started: if the thread is quick, it finds that it does not, and
 * ends. And it reads at once, so that a message which is there before its handlers ends it too. Of
 * the kernels started so, one in four never answered. So this looks whether every thread has come
 * through a turn since the handlers are there, and if not, closes the channels and opens others at
 * the same ports; a client asks again until it is answered, as it has to while a kernel starts. And
 * it is not answered before all listen: it would send its first cell to channels that are closed.
 *
 * @param client what the client wrote: addresses and key
 * @param kernel that handles what is read
 */
record Connection(ConnectionProperties client, SparkKernel kernel) {
  /** Threads that read: heartbeat, shell and control. */
  private static final int LOOPS = 3;

  /** One in four fails on a machine that is busy. */
  private static final int MOST_ATTEMPTS = 50;

  private static final long PAUSE_MILLIS = 1;

  /**
   * Opens the channels. One connection of a process is opened at a time.
   *
   * @throws IllegalStateException if they do not all listen after many attempts
   * @throws org.rapaio.org.zeromq.ZMQException if a port is taken
   */
  Channels open() throws GeneralSecurityException, InterruptedException {
    Set<LoopThread> others = loops();
    kernel.answer(false);
    for (int attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
      Channels channels = new Channels(client);
      channels.connect(kernel);
      Set<LoopThread> own = loops();
      own.removeAll(others);
      if (own.size() == LOOPS && allTurn(own)) {
        kernel.answer(true);
        return channels;
      }
      close(channels, own);
    }
    throw new IllegalStateException(
        "The kernel's channels do not all listen, tried "
            + MOST_ATTEMPTS
            + " times: start the kernel again, on a machine that is less busy");
  }

  private static Set<LoopThread> loops() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(LoopThread.class::isInstance)
        .map(LoopThread.class::cast)
        .collect(Collectors.toSet());
  }

  /** A loop sleeps after a turn that went well, and at no other time. */
  private static boolean allTurn(Set<LoopThread> loops) throws InterruptedException {
    for (LoopThread loop : loops) {
      while (loop.getState() != Thread.State.TIMED_WAITING) {
        if (!loop.isAlive()) {
          return false;
        }
        Thread.sleep(PAUSE_MILLIS);
      }
    }
    return true;
  }

  /** Sockets are no thread's but one's: first the loops end. */
  private static void close(Channels channels, Set<LoopThread> loops) throws InterruptedException {
    loops.forEach(LoopThread::shutdown);
    for (LoopThread loop : loops) {
      loop.join();
    }
    channels.close();
  }
}
