package io.penstock.notebook;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import org.rapaio.jupyter.kernel.channels.Channels;
import org.rapaio.jupyter.kernel.core.ConnectionProperties;
import org.rapaio.jupyter.kernel.core.Transform;
import sun.misc.Signal;

/** Starts the Java kernel of the notebooks. */
public final class KernelMain {
  private KernelMain() {}

  /**
   * Serves a Jupyter client until that ends the kernel.
   *
   * @param arguments the connection file that the client wrote
   * @throws Exception if it cannot be read, or its ports are taken
   */
  public static void main(String[] arguments) throws Exception {
    if (arguments.length != 1) {
      System.err.println(
          "The kernel takes one argument, the connection file that Jupyter writes, not "
              + arguments.length
              + ": start it from Jupyter (see notebooks/README.md)");
      System.exit(2);
    }
    quiet();
    ConnectionProperties client =
        Transform.fromJson(Files.readString(Path.of(arguments[0])), ConnectionProperties.class);
    SparkKernel kernel = SparkKernel.ofThisProcess();
    Channels channels = new Connection(client, kernel).open();
    // A request over the control channel, the other way, takes over the id under which a cell that
    // runs publishes, and with it that cell's reply.
    Signal.handle(new Signal("INT"), signal -> kernel.interrupt());
    channels.joinUntilClose();
    System.exit(0); // Spark's threads would keep the process
  }

  /**
   * The kernel's own configuration, FINEST, makes the code that Spark generates for a typed map
   * fail: Janino's log messages have placeholders that do not fit.
   */
  private static void quiet() {
    LogManager.getLogManager().reset();
    Logger.getLogger("").setLevel(Level.WARNING);
  }
}
