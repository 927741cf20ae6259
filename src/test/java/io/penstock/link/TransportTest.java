package io.penstock.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.testing.Command;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.spark.network.client.RpcResponseCallback;
import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.sasl.SecretKeyHolder;
import org.apache.spark.network.server.NoOpRpcHandler;
import org.apache.spark.package$;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Spark's authentication and encryption, as set by the user, hold for links. */
@Timeout(120)
@ExtendWith(QuietSpark.class)
class TransportTest {
  private static final Tag TAG = new Tag(new Channel.Activation(1), 0, 0);
  private static final int ANNOUNCED_MEBIBYTES = 512;
  private static final boolean LOOPBACKS = System.getProperty("os.name").equals("Linux");

  static Stream<Map<String, String>> protections() {
    String on = "true";
    return Stream.of(
        Map.of("spark.network.crypto.enabled", on),
        Map.of("spark.network.crypto.enabled", on, "spark.network.crypto.saslFallback", "false"),
        Map.of("spark.authenticate.enableSaslEncryption", on),
        Map.of(
            "spark.authenticate.enableSaslEncryption", on,
            "spark.network.sasl.serverAlwaysEncrypt", on),
        Map.of());
  }

  static Stream<LinkConfig> doors() {
    return Stream.concat(
        Stream.of(config(Map.of(), null)), protections().map(conf -> config(conf, "open sesame")));
  }

  private static LinkConfig config(Map<String, String> conf, String secret) {
    SecretKeyHolder secrets =
        secret == null
            ? null
            : new SecretKeyHolder() {
              @Override
              public String getSaslUser(String appId) {
                return "sparkSaslUser";
              }

              @Override
              public String getSecretKey(String appId) {
                return secret;
              }
            };
    return new LinkConfig(
        "127.0.0.1", "127.0.0.1", 0, conf, "app-1", secrets, secret != null, true);
  }

  private static void assertFramesArrive(LinkConfig config) throws Exception {
    try (Link from = Links.open(config);
        Link to = Links.open(config)) {
      List<Address> addresses = List.of(from.address(), to.address());
      from.connect(0, addresses);
      to.connect(1, addresses);
      INDArray array = Nd4j.rand(DataType.FLOAT, 300, 1000);
      from.send(1, TAG, array);
      assertEquals(array, to.receive(TAG, () -> false).array());
    }
  }

  private static String refusal(LinkConfig door, LinkConfig caller) {
    try (Link from = Links.open(caller);
        Link to = Links.open(door)) {
      List<Address> addresses = List.of(from.address(), to.address());
      return assertThrows(LinkException.class, () -> from.connect(0, addresses)).getMessage();
    }
  }

  @ParameterizedTest
  @MethodSource("protections")
  void thoseWhoShareTheSecretUnderstandEachOther(Map<String, String> conf) throws Exception {
    assertFramesArrive(config(conf, "open sesame"));
  }

  @ParameterizedTest
  @MethodSource("protections")
  void aWrongSecretIsRefused(Map<String, String> conf) {
    String message = refusal(config(conf, "open sesame"), config(conf, "open barley"));
    assertTrue(message.contains("share one secret"), message);
  }

  @ParameterizedTest
  @MethodSource("protections")
  void aPeerWithoutASecretIsRefused(Map<String, String> conf) {
    String message = refusal(config(conf, "open sesame"), config(conf, null));
    assertTrue(message.contains("share one secret"), message);
  }

  @Test
  void sparksTlsSettingsHoldForLinks(@TempDir Path dir) throws Exception {
    assumeFalse(
        package$.MODULE$.SPARK_VERSION().startsWith("3."), "Spark has TLS for RPC since 4.0");
    Path store = dir.resolve("store.p12");
    String password = "changeit";
    ProcessBuilder keytool =
        new ProcessBuilder(
                (System.getProperty("java.home")
                        + "/bin/keytool -genkeypair -alias a -keyalg EC -dname CN=localhost"
                        + " -storetype PKCS12 -keystore "
                        + store
                        + " -storepass "
                        + password)
                    .split(" "))
            .redirectErrorStream(true);
    Command.Outcome made = Command.run(keytool);
    assertEquals(0, made.status(), made.out());
    assertTrue(Files.exists(store));
    Map<String, String> tls = new HashMap<>();
    tls.put("spark.ssl.rpc.enabled", "true");
    tls.put("spark.ssl.rpc.protocol", "TLSv1.3");
    tls.put("spark.ssl.rpc.keyStore", store.toString());
    tls.put("spark.ssl.rpc.trustStore", store.toString());
    for (String key : List.of("keyStorePassword", "keyPassword", "trustStorePassword")) {
      tls.put("spark.ssl.rpc." + key, password);
    }
    assertFramesArrive(config(tls, "open sesame"));
    refusal(config(tls, "open sesame"), config(Map.of(), "open sesame"));
  }

  @Test
  void whatComesBackOnOurOwnCallsIsRefused() throws Exception {
    try (Link link = Links.open(config(Map.of(), null))) {
      UUID token = link.address().link();
      CompletableFuture<Boolean> taken = new CompletableFuture<>();
      NoOpRpcHandler rogue =
          new NoOpRpcHandler() {
            @Override
            public void receive(
                TransportClient caller, ByteBuffer hello, RpcResponseCallback reply) {
              reply.onSuccess(ByteBuffer.allocate(0));
              ByteBuffer lie = Handshake.goodbye(token, 1, "all is lost").encode();
              caller.sendRpc(
                  lie,
                  new RpcResponseCallback() {
                    @Override
                    public void onSuccess(ByteBuffer response) {
                      taken.complete(true);
                    }

                    @Override
                    public void onFailure(Throwable e) {
                      taken.complete(false);
                    }
                  });
            }
          };
      try (Transport other = new Transport(config(Map.of(), null), rogue)) {
        UUID any = UUID.randomUUID();
        Address there = new Address("127.0.0.1", other.port(), any, any);
        link.connect(0, List.of(link.address(), there));
        assertFalse(taken.get());
      }
    }
  }

  /** Of the 2 GiB that are announced, the door takes what one read of its socket holds. */
  @ParameterizedTest
  @MethodSource("doors")
  void aStrangerWhoAnnouncesTwoGibibytesIsCutOffAtOnce(LinkConfig door) throws Exception {
    try (Link link = Links.open(door);
        Socket stranger = new Socket("127.0.0.1", link.address().port())) {
      OutputStream out = stranger.getOutputStream();
      out.write(ByteBuffer.allocate(Long.BYTES).putLong(Integer.MAX_VALUE).array());
      byte[] noise = new byte[1 << 20];
      int taken = 0;
      try {
        for (; taken < ANNOUNCED_MEBIBYTES; taken++) {
          out.write(noise);
        }
      } catch (IOException cut) {
        assertTrue(taken < 64, taken + " MiB were taken of a stranger's message");
        return;
      }
      fail("all " + taken + " MiB were taken of a stranger's message");
    }
  }

  /** As {@code spark.network.io}'s own decoder never would: 9 KiB are more than a hello. */
  @ParameterizedTest
  @MethodSource("doors")
  void beforeTheGreetingMessagesAreOfKilobytes(LinkConfig door) throws Exception {
    try (Link link = Links.open(door);
        Socket stranger = new Socket("127.0.0.1", link.address().port())) {
      stranger.getOutputStream().write(ByteBuffer.allocate(Long.BYTES).putLong(9 << 10).array());
      assertEquals(-1, stranger.getInputStream().read(), "the connection is closed");
    }
  }

  @Test
  void aLinkListensOnItsAddressOnly() throws Exception {
    assumeTrue(LOOPBACKS, "127.0.0.2 is an address of every Linux machine");
    LinkConfig second =
        new LinkConfig("127.0.0.2", "127.0.0.2", 0, Map.of(), "app-1", null, false, true);
    try (Link link = Links.open(second)) {
      int port = link.address().port();
      new Socket("127.0.0.2", port).close();
      assertThrows(ConnectException.class, () -> new Socket("127.0.0.1", port).close());
    }
    assertFramesArrive(second);
  }

  @Test
  void aPortThatIsTakenIsNamed() {
    try (Link first = Links.open(LinkConfig.on("127.0.0.1"))) {
      int port = first.address().port();
      LinkConfig same =
          new LinkConfig("127.0.0.1", "h", port, Map.of(), "app-1", null, false, false);
      String message = assertThrows(LinkException.class, () -> Links.open(same)).getMessage();
      assertTrue(message.contains("port " + port), message);
    }
  }
}
