package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.link.Link;
import io.penstock.link.LinkConfig;
import io.penstock.link.Links;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LinkTimerTest {
  private static final int WAKE_MILLIS = 1;
  private static final long WORK_NANOS = 1_000_000;

  @Test
  void aSocketHasLatencyAndBandwidth() throws Exception {
    LinkTime time = measured(LinkConfig.on("127.0.0.1").overNetwork());
    assertTrue(time.latency() > 0 && time.latency() < 1, time::toString);
    assertTrue(time.bytesPerSecond() > 1e6, time::toString);
    assertTrue(time.busy() > 0 && time.busy() < 1, time::toString);
  }

  @Test
  void threadsOfOneProcessHandOverByReference() throws Exception {
    LinkTime time = measured(LinkConfig.on("127.0.0.1"));
    assertTrue(time.latency() > 0 && time.latency() < 1, time::toString);
    assertTrue(time.bytesPerSecond() > 1e6, time::toString);
    assertTrue(time.busy() > 0 && time.busy() < 1, time::toString);
  }

  @Test
  void untilTheReceivingThreadHasTheFrameCounts() throws Exception {
    LinkTime time =
        measured(
            LinkConfig.on("127.0.0.1"),
            UnaryOperator.identity(),
            link -> changed(link, "receive", LinkTimerTest::sleep));
    assertTrue(time.latency() >= WAKE_MILLIS / 2e3, time::toString);
  }

  @Test
  void whatTheRanksThreadSpendsOnAFrameCounts() throws Exception {
    LinkTime time =
        measured(
            LinkConfig.on("127.0.0.1"),
            link -> changed(link, "send", LinkTimerTest::work),
            UnaryOperator.identity());
    assertTrue(time.busy() >= WORK_NANOS / 2e9, time::toString);
    LinkTime quick = measured(LinkConfig.on("127.0.0.1"));
    assertTrue(quick.busy() < WORK_NANOS / 2e9 && quick.busy() > 0, quick::toString);
  }

  @Test
  void whatTheLinksThreadsSpendOnAFrameCounts() throws Exception {
    AtomicLong worked = new AtomicLong();
    LinkTime time =
        measured(
            LinkConfig.on("127.0.0.1"),
            link ->
                changed(link, "threadNanos", none -> OptionalLong.of(worked.getAndAdd(WORK_NANOS))),
            UnaryOperator.identity());
    assertTrue(time.busy() >= WORK_NANOS / 2e9, time::toString);
  }

  @Test
  void whatSleepsIsNotBusy() throws Exception {
    LinkTime time =
        measured(
            LinkConfig.on("127.0.0.1"),
            link -> changed(link, "receive", LinkTimerTest::sleep),
            UnaryOperator.identity());
    assertTrue(time.latency() >= WAKE_MILLIS / 2e3, time::toString);
    assertTrue(time.busy() < time.latency(), time::toString);
  }

  @Test
  void whereNothingCountsWorkAFrameTakesAllThatItLasts() throws Exception {
    LinkTime time =
        measured(
            LinkConfig.on("127.0.0.1"),
            link ->
                changed(
                    changed(link, "receive", LinkTimerTest::sleep),
                    "threadNanos",
                    none -> OptionalLong.empty()),
            UnaryOperator.identity());
    assertTrue(time.busy() >= WAKE_MILLIS / 2e3, time::toString);
  }

  private static Object work(Object result) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long end = threads.getCurrentThreadCpuTime() + WORK_NANOS;
    while (threads.getCurrentThreadCpuTime() < end) {
      Thread.onSpinWait();
    }
    return result;
  }

  private static Object sleep(Object result) {
    try {
      Thread.sleep(WAKE_MILLIS);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
    return result;
  }

  /** A link that does something with what one of its methods returns. */
  private static Link changed(Link link, String name, UnaryOperator<Object> change) {
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          Object result = method.invoke(link, arguments);
          return method.getName().equals(name) ? change.apply(result) : result;
        };
    ClassLoader loader = Link.class.getClassLoader();
    return (Link) Proxy.newProxyInstance(loader, new Class<?>[] {Link.class}, handler);
  }

  private static LinkTime measured(LinkConfig config) throws Exception {
    return measured(config, UnaryOperator.identity(), UnaryOperator.identity());
  }

  private static LinkTime measured(
      LinkConfig config, UnaryOperator<Link> timed, UnaryOperator<Link> receiver) throws Exception {
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
      LinkTime time = LinkTimer.time(timed.apply(first), 1, () -> false);
      echo.get(30, TimeUnit.SECONDS);
      return time;
    }
  }
}
