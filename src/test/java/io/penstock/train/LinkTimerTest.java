package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.array.Loan;
import io.penstock.link.Address;
import io.penstock.link.Link;
import io.penstock.link.LinkConfig;
import io.penstock.link.Links;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real links, whose frames take what a clock of the test's is moved on by. */
@Timeout(120)
class LinkTimerTest {
  private static final long WAY_NANOS = 3_000_000;
  private static final long WORK_NANOS = 1_000_000;

  /** Frames of all kinds, there and back, warm-ups among them. */
  private static final long FRAMES = 1500 + 80 + 40;

  private final AtomicLong nanos = new AtomicLong();
  private final AtomicLong work = new AtomicLong();
  private final Clock clock = new Clock(nanos::get, () -> OptionalLong.of(work.get()));

  @Test
  void aFrameTakesItsLatencyAndSomethingForEveryByte() throws Exception {
    LinkTime time =
        measured(
            UnaryOperator.identity(),
            link ->
                changed(
                    link,
                    "lend",
                    UnaryOperator.identity(),
                    frame -> nanos.addAndGet(2 * (WAY_NANOS + 5 * bytes(frame)))));
    assertEquals((WAY_NANOS + 5 * Float.BYTES) / 1e9, time.latency());
    assertEquals(1e9 / 5, time.bytesPerSecond(), 1);
    assertEquals(0, time.busy(), "nobody works");
  }

  @Test
  void whereSizeDoesNotMatterTheBandwidthIsInfinite() throws Exception {
    LinkTime time = measured(UnaryOperator.identity(), UnaryOperator.identity());
    assertEquals(new LinkTime(0, Double.POSITIVE_INFINITY, 0), time);
  }

  @Test
  void untilTheReceivingThreadHasTheFrameCounts() throws Exception {
    LinkTime time =
        measured(UnaryOperator.identity(), link -> changed(link, "receive", this::wait));
    assertEquals(WAY_NANOS / 2e9, time.latency(), "one way of the two");
  }

  @Test
  void whatTheRanksThreadSpendsOnAFrameCounts() throws Exception {
    LinkTime time = measured(link -> changed(link, "send", this::work), UnaryOperator.identity());
    assertEquals(WORK_NANOS / 2e9, time.busy());
    assertEquals(0, time.latency(), "by a clock that stands");
  }

  @Test
  void whatTheLinksThreadsSpendOnAFrameCounts() throws Exception {
    AtomicLong worked = new AtomicLong();
    LinkTime time =
        measured(
            link ->
                changed(link, "threadNanos", none -> OptionalLong.of(worked.getAndAdd(WORK_NANOS))),
            UnaryOperator.identity());
    assertEquals(WORK_NANOS / 2e9, time.busy());
  }

  @Test
  void whatSleepsIsNotBusy() throws Exception {
    LinkTime time =
        measured(link -> changed(link, "receive", this::wait), UnaryOperator.identity());
    assertEquals(WAY_NANOS / 2e9, time.latency());
    assertEquals(0, time.busy());
  }

  @Test
  void whereNothingCountsWorkAFrameTakesAllThatItLasts() throws Exception {
    LinkTime time =
        measured(
            link ->
                changed(
                    changed(link, "receive", this::wait),
                    "threadNanos",
                    none -> OptionalLong.empty()),
            UnaryOperator.identity());
    assertEquals(WAY_NANOS / 2e9, time.busy());
  }

  @Test
  void oneSlowFrameInThreeChangesNothing() throws Exception {
    AtomicLong frames = new AtomicLong();
    LinkTime time =
        measured(
            link ->
                changed(
                    link,
                    "receive",
                    result -> {
                      nanos.addAndGet(frames.incrementAndGet() % 3 == 0 ? 1 << 30 : WAY_NANOS);
                      return result;
                    }),
            UnaryOperator.identity());
    assertEquals(WAY_NANOS / 2e9, time.latency());
  }

  @Test
  void aLinkOverTheNetworkIsMeasuredByTheMachinesClock() throws Exception {
    try (Link first = Links.open(LinkConfig.on("127.0.0.1").overNetwork());
        Link second = Links.open(LinkConfig.on("127.0.0.1").overNetwork())) {
      CompletableFuture<Void> echo = connected(first, second, second);
      LinkTime time = LinkTimer.time(first, 1, () -> false);
      echo.get();
      assertTrue(time.latency() > 0 && time.busy() > 0, time::toString);
      assertEquals(FRAMES, first.stats().framesSent());
      assertEquals(FRAMES, first.stats().framesReceived());
    }
  }

  private static long bytes(Object frame) {
    return ((Loan) frame).array().length() * Float.BYTES;
  }

  private Object work(Object result) {
    work.addAndGet(WORK_NANOS);
    return result;
  }

  private Object wait(Object result) {
    nanos.addAndGet(WAY_NANOS);
    return result;
  }

  /** A link that does something with what one of its methods returns. */
  private static Link changed(Link link, String name, UnaryOperator<Object> change) {
    return changed(link, name, change, last -> {});
  }

  /** One that besides does something with that method's last argument before. */
  private static Link changed(
      Link link, String name, UnaryOperator<Object> change, Consumer<Object> before) {
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          boolean meant = method.getName().equals(name);
          if (meant && arguments != null) {
            before.accept(arguments[arguments.length - 1]);
          }
          Object result = method.invoke(link, arguments);
          return meant ? change.apply(result) : result;
        };
    ClassLoader loader = Link.class.getClassLoader();
    return (Link) Proxy.newProxyInstance(loader, new Class<?>[] {Link.class}, handler);
  }

  /** In one JVM, where a link has no threads that work. */
  private LinkTime measured(UnaryOperator<Link> timed, UnaryOperator<Link> receiver)
      throws Exception {
    try (Link first = Links.open(LinkConfig.on("127.0.0.1"));
        Link second = Links.open(LinkConfig.on("127.0.0.1"))) {
      CompletableFuture<Void> echo = connected(first, second, receiver.apply(second));
      LinkTime time = LinkTimer.time(timed.apply(first), 1, () -> false, clock);
      echo.get();
      return time;
    }
  }

  /** Connects the two; what comes of the second's echo. */
  private static CompletableFuture<Void> connected(Link first, Link second, Link echoing) {
    List<Address> addresses = List.of(first.address(), second.address());
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
    return echo;
  }
}
