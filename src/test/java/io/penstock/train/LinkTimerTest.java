package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.link.Link;
import io.penstock.link.LinkConfig;
import io.penstock.link.Links;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LinkTimerTest {
  @Test
  void aSocketHasLatencyAndBandwidth() throws Exception {
    LinkTime time = measured(LinkConfig.on("127.0.0.1").overNetwork());
    assertTrue(time.latency() > 0 && time.latency() < 1, time::toString);
    assertTrue(time.bytesPerSecond() > 1e6, time::toString);
  }

  @Test
  void threadsOfOneProcessHandOverByReference() throws Exception {
    LinkTime time = measured(LinkConfig.on("127.0.0.1"));
    assertTrue(time.latency() > 0 && time.latency() < 1, time::toString);
    assertTrue(time.bytesPerSecond() > 1e6, time::toString);
  }

  private static LinkTime measured(LinkConfig config) throws Exception {
    try (Link first = Links.open(config);
        Link second = Links.open(config)) {
      List<String> addresses = List.of(first.address(), second.address());
      CompletableFuture<Void> echo =
          CompletableFuture.runAsync(
              () -> {
                try {
                  second.connect(1, addresses);
                  LinkTimer.echo(second, 0, () -> false);
                } catch (InterruptedException interrupted) {
                  throw new IllegalStateException(interrupted);
                }
              });
      first.connect(0, addresses);
      LinkTime time = LinkTimer.time(first, 1, () -> false);
      echo.get(10, TimeUnit.SECONDS);
      return time;
    }
  }
}
