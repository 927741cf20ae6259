package io.penstock.link;

import io.penstock.conf.Setting;
import io.penstock.conf.Settings;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.network.TransportContext;
import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.client.TransportClientBootstrap;
import org.apache.spark.network.client.TransportClientFactory;
import org.apache.spark.network.crypto.AuthClientBootstrap;
import org.apache.spark.network.crypto.AuthServerBootstrap;
import org.apache.spark.network.server.RpcHandler;
import org.apache.spark.network.server.TransportServer;
import org.apache.spark.network.server.TransportServerBootstrap;
import org.apache.spark.network.util.MapConfigProvider;
import org.apache.spark.network.util.TransportConf;

/**
 * Spark's transport, set up as Spark sets up its own: a listening port, and connections to others.
 * Thread-safe.
 */
final class Transport implements AutoCloseable {
  private final TransportContext listening;
  private final TransportContext calling;
  private final TransportServer server;
  private final TransportClientFactory clients;

  /**
   * Opens the port and listens.
   *
   * @throws LinkException when the port cannot be bound or Spark refuses its settings
   */
  Transport(LinkConfig config, RpcHandler handler) {
    Map<String, String> settings = new HashMap<>(config.conf());
    for (Setting<Integer> threads : List.of(Settings.SERVER_THREADS, Settings.CLIENT_THREADS)) {
      settings.merge(threads.key(), threads.usual(), (given, usual) -> given.strip());
    }
    TransportConf conf = new TransportConf("penstock", new MapConfigProvider(settings));
    List<TransportServerBootstrap> atTheDoor = List.of();
    List<TransportClientBootstrap> onTheWay = List.of();
    if (config.authenticate()) {
      // Each falls back to SASL by itself where spark.network.crypto.enabled is off.
      atTheDoor = List.of(new AuthServerBootstrap(conf, config.secrets()));
      onTheWay = List.of(new AuthClientBootstrap(conf, config.appId(), config.secrets()));
    }
    try {
      listening = new TransportContext(conf, handler);
      // Spark authenticates who calls us, not what comes back on our own calls: that way only
      // replies are taken.
      calling = new TransportContext(conf, new Caller(), false, true);
      server = listening.createServer(config.bindHost(), config.port(), atTheDoor);
      clients = calling.createClientFactory(onTheWay);
    } catch (Exception e) { // Netty throws BindException undeclared
      throw new LinkException(
          "No link can listen on "
              + config.bindHost()
              + ", port "
              + config.port()
              + ". Give an address of this machine, and port 0 for any free one.",
          e);
    }
  }

  int port() {
    return server.getPort();
  }

  /** Connects to a link, authenticated if that is on. */
  TransportClient connect(Address address) throws IOException, InterruptedException {
    return clients.createClient(address.host(), address.port());
  }

  @Override
  public void close() {
    clients.close();
    server.close();
    calling.close();
    listening.close();
  }
}
