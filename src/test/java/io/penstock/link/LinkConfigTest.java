package io.penstock.link;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.Test;

class LinkConfigTest {
  private static LinkConfig config(String host, int port, Map<String, String> conf, boolean auth) {
    return new LinkConfig("127.0.0.1", host, port, conf, "app", null, auth, false);
  }

  @Test
  void authenticationNeedsASecret() {
    assertThrows(IllegalArgumentException.class, () -> config("h", 0, Map.of(), true));
  }

  @Test
  void linksAreNeverOpenerThanSpark() {
    Map<String, String> conf = Map.of("spark.authenticate", "true");
    assertThrows(IllegalArgumentException.class, () -> config("h", 0, conf, false));
  }

  @Test
  void hostAndPortMustBeUsable() {
    assertThrows(IllegalArgumentException.class, () -> config(" ", 0, Map.of(), false));
    assertThrows(IllegalArgumentException.class, () -> config("h/x", 0, Map.of(), false));
    assertThrows(IllegalArgumentException.class, () -> config("h", 65536, Map.of(), false));
  }

  @Test
  void theAddressToListenOnIsNeverLeftOpen() {
    assertThrows(IllegalArgumentException.class, () -> LinkConfig.on(null));
    assertThrows(
        IllegalArgumentException.class,
        () -> new LinkConfig(" ", "h", 0, Map.of(), "app", null, false, false));
    assertThrows(IllegalArgumentException.class, () -> FramePlan.upTo(0));
  }

  @Test
  void settingsMayHoldSecretsAndAreNotPrinted() {
    LinkConfig config = config("h", 0, Map.of("spark.ssl.rpc.keyPassword", "hush"), false);
    assertFalse(config.toString().contains("hush"));
  }
}
