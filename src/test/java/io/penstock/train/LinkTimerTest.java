package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.link.Link;
import io.penstock.link.LinkConfig;
import io.penstock.link.Links;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LinkTimerTest {
  private static final int WAKE_MILLIS = 4;

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

  @Test
  void untilTheReceivingThreadHasTheFrameCounts() throws Exception {
    LinkTime time = measured(LinkConfig.on("127.0.0.1"), LinkTimerTest::slowToWake);
    assertTrue(time.latency() >= WAKE_MILLIS / 2e3, time::toString);
  }

  /** A link whose receiver goes on a while after its frame has come. */
  private static Link slowToWake(Link link) {
    InvocationHandler slow =
        (proxy, method, arguments) -> {
          Object result = method.invoke(link, arguments);
          if (method.getName().equals("receive")) {
            Thread.sleep(WAKE_MILLIS);
          }
          return result;
        };
    ClassLoader loader = Link.class.getClassLoader();
    return (Link) Proxy.newProxyInstance(loader, new Class<?>[] {Link.class}, slow);
  }

  private static LinkTime measured(LinkConfig config) throws Exception {
    return measured(config, link -> link);
  }

  private static LinkTime measured(LinkConfig config, UnaryOperator<Link> receiver)
      throws Exception {
    try (Link first = Links.open(config);
        Link second = Links.open(config)) {
      Link echoing = receiver.apply(second);
      List<String> addresses = List.of(first.address(), second.address());
      CompletableFuture<Void> echo =
          CompletableFuture.runAsync(
              () -> {
                try {
                  second.connect(1, addresses);
                  LinkTimer.echo(echoing, 0, () -> false);
                } catch (InterruptedException interrupted) {
                  throw new IllegalStateException(interrupted);
                }
              });
      first.connect(0, addresses);
      LinkTime time = LinkTimer.time(first, 1, () -> false);
      echo.get(30, TimeUnit.SECONDS);
      return time;
    }
  }
}
