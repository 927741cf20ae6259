package io.penstock.launch.cluster;

import io.penstock.Internal;
import io.penstock.conf.Settings;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;

/**
 * Addresses of a rank's link: the one it listens on, and the one by which its peers reach it.
 * Immutable. They are those of Spark's own block transfer, unless the settings say otherwise, so
 * that a link is nowhere more open than Spark is.
 *
 * @param bind the address to listen on
 * @param advertised the name or address that is told to the peers
 */
@Internal
public record LinkHosts(String bind, String advertised) {
  private static final String DRIVERS_BIND = "spark.driver.bindAddress";
  private static final String EXECUTORS_BIND = "--bind-address";

  /** Returns the addresses of this process. */
  public static LinkHosts here(SparkEnv env) {
    return of(
        env.conf(),
        env.blockManager().blockManagerId().isDriver(),
        env.blockManager().blockManagerId().host(),
        System.getProperty("sun.java.command", ""));
  }

  /**
   * Returns the addresses of a process.
   *
   * @param driver whether it is the driver's, in which stages run in local mode
   * @param sparks the name or address that Spark advertises
   * @param command the process' main class and arguments: an executor's address to listen on is one
   *     of them or, without it, what it advertises, and Spark keeps it nowhere else
   */
  static LinkHosts of(SparkConf conf, boolean driver, String sparks, String command) {
    String usual = driver ? conf.get(DRIVERS_BIND, sparks) : argument(command, sparks);
    return new LinkHosts(
        Settings.LINK_BIND_ADDRESS.given(conf).orElse(usual),
        Settings.LINK_HOST.given(conf).orElse(sparks));
  }

  private static String argument(String command, String otherwise) {
    List<String> words = Arrays.asList(command.split(" "));
    int name = words.indexOf(EXECUTORS_BIND);
    return name >= 0 && name + 1 < words.size() ? words.get(name + 1) : otherwise;
  }
}
