package io.penstock.link;

import io.penstock.Internal;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.network.sasl.SecretKeyHolder;

/**
 * Settings of a link: address, Spark's transport settings, authentication, expected frames.
 * Immutable.
 *
 * @param bindHost the address to listen on, an interface of this machine; {@code 0.0.0.0} for all
 * @param advertisedHost the name under which the peers reach this machine
 * @param port the port to listen on; 0 takes any free one
 * @param conf Spark's settings; {@code spark.network.*}, {@code spark.authenticate.*} and {@code
 *     spark.ssl.rpc.*} are honoured, and {@code spark.penstock.io.*} (threads, buffers) as Spark
 *     does {@code spark.rpc.io.*}
 * @param appId the application's id, the user name of Spark's authentication
 * @param secrets where the application's secret comes from; may be null without authentication
 * @param authenticate whether a peer must prove that it knows the secret: {@code
 *     spark.authenticate}
 * @param networkOnly whether peers of the same JVM are reached over the network too, as in tests
 *     and measurements
 * @param frames the frames that peers may send; any other is refused before anything is allocated
 */
@Internal
public record LinkConfig(
    String bindHost,
    String advertisedHost,
    int port,
    Map<String, String> conf,
    String appId,
    SecretKeyHolder secrets,
    boolean authenticate,
    boolean networkOnly,
    FramePlan frames) {

  /**
   * @throws IllegalArgumentException when authentication is asked for and there is no secret, or a
   *     value is missing
   */
  public LinkConfig {
    Objects.requireNonNull(appId, "appId");
    if (bindHost == null || bindHost.isBlank()) {
      throw new IllegalArgumentException(
          "There is no address to listen on. Give the one that Spark listens on, or 0.0.0.0 for all"
              + " interfaces.");
    }
    Objects.requireNonNull(frames, "frames");
    conf = Map.copyOf(conf);
    if (advertisedHost == null || advertisedHost.isBlank() || advertisedHost.contains("/")) {
      throw new IllegalArgumentException(
          "The host to advertise is \""
              + advertisedHost
              + "\". Give the name or address under which the other executors reach this one.");
    }
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException(
          "Port " + port + " is not in 0 to 65535; 0 takes any free one.");
    }
    if (authenticate && secrets == null) {
      throw new IllegalArgumentException(
          "spark.authenticate is on, but there is no secret for links. Pass Spark's SecurityManager"
              + " as secrets.");
    }
    if (!authenticate && Boolean.parseBoolean(conf.getOrDefault("spark.authenticate", "false"))) {
      throw new IllegalArgumentException(
          "spark.authenticate is true in the settings, but authenticate is false: links must not"
              + " accept peers that Spark would refuse. Pass authenticate = true and Spark's"
              + " SecurityManager.");
    }
  }

  /** A link whose peers may send any array, over the network of up to 2 GiB. */
  public LinkConfig(
      String bindHost,
      String advertisedHost,
      int port,
      Map<String, String> conf,
      String appId,
      SecretKeyHolder secrets,
      boolean authenticate,
      boolean networkOnly) {
    this(
        bindHost,
        advertisedHost,
        port,
        conf,
        appId,
        secrets,
        authenticate,
        networkOnly,
        FramePlan.ANY);
  }

  /**
   * An unauthenticated link on any port of one host, the same for listening and for advertising.
   */
  public static LinkConfig on(String host) {
    return new LinkConfig(host, host, 0, Map.of(), "penstock", null, false, false);
  }

  /** Returns these settings with every peer reached over the network. */
  public LinkConfig overNetwork() {
    return new LinkConfig(
        bindHost, advertisedHost, port, conf, appId, secrets, authenticate, true, frames);
  }

  /** Returns these settings with peers that may send these frames. */
  public LinkConfig with(FramePlan plan) {
    return new LinkConfig(
        bindHost, advertisedHost, port, conf, appId, secrets, authenticate, networkOnly, plan);
  }

  /** Words without Spark's settings, which may hold secrets. */
  @Override
  public String toString() {
    return "LinkConfig[" + advertisedHost + ":" + port + ", authenticate=" + authenticate + "]";
  }
}
