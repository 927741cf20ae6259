package io.penstock.launch.job;

import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;

/**
 * Cuts connections of the process that it is called in, as a firewall does that has forgotten them:
 * both sides live on. By the JDK's own way to shut a socket down, which Spark opens to its
 * executors.
 */
final class Scissors {
  private static final int BOTH_WAYS = 2;

  private Scissors() {}

  /** All connections that others have made to this process. */
  static void cut() {
    try {
      Field number = FileDescriptor.class.getDeclaredField("fd");
      number.setAccessible(true);
      Method shutdown =
          Class.forName("sun.nio.ch.Net")
              .getDeclaredMethod("shutdown", FileDescriptor.class, int.class);
      shutdown.setAccessible(true);
      for (int socket : ListeningSockets.incoming()) {
        FileDescriptor descriptor = new FileDescriptor();
        number.setInt(descriptor, socket);
        shutdown.invoke(null, descriptor, BOTH_WAYS);
      }
    } catch (IOException | ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
