package io.penstock.launch.job;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A way to a port that passes everything on until it is told to swallow it, as a firewall does that
 * has forgotten a connection: nothing comes through any more, and neither side is told.
 */
final class Swallow implements AutoCloseable {
  private final ServerSocket door;
  private final int target;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private volatile boolean swallows;

  /**
   * Opens the way.
   *
   * @param target the port, of this machine
   */
  Swallow(int target) throws IOException {
    this.target = target;
    this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    daemon(
        () -> {
          while (true) {
            Socket caller = door.accept();
            Socket called = new Socket(InetAddress.getLoopbackAddress(), target);
            sockets.addAll(List.of(caller, called));
            daemon(() -> pass(caller.getInputStream(), called.getOutputStream()));
            daemon(() -> pass(called.getInputStream(), caller.getOutputStream()));
          }
        });
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void daemon(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException closed) {
                // as all is when the test is over
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  private void pass(InputStream from, OutputStream to) throws IOException {
    byte[] some = new byte[1 << 16];
    for (int read = from.read(some); read >= 0; read = from.read(some)) {
      if (!swallows) {
        to.write(some, 0, read);
        to.flush();
      }
    }
  }

  /** The port to call in place of the target. */
  int port() {
    return door.getLocalPort();
  }

  /** Lets nothing through from now on. */
  void swallow() {
    swallows = true;
  }

  @Override
  public void close() {
    try {
      door.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return port() + " to " + target;
  }
}
