package io.penstock.launch.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.penstock.event.FailureKind;
import io.penstock.event.RankPlace;
import io.penstock.link.Address;
import io.penstock.link.Channel;
import io.penstock.link.Link;
import io.penstock.link.LinkConfig;
import io.penstock.link.LinkException;
import io.penstock.link.Links;
import io.penstock.link.LostPeerException;
import io.penstock.link.Tag;
import io.penstock.train.RankPosition;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Two ranks whose connection goes dead between them, with nothing said to either: the driver finds
 * it by both their pulses.
 */
@Timeout(120)
class HalfOpenConnectionTest {
  private static final String HOST = "127.0.0.1";
  private static final Tag THERE = new Tag(new Channel.Activation(1), 0, 0);
  private static final Tag LOST = new Tag(new Channel.Activation(1), 0, 1);
  private static final Tag BACK = new Tag(new Channel.Gradient(0), 0, 0);

  /** One of the two. */
  private record Rank(int number, WatchedLink link, RankActivity activity) {
    static Rank open(int number, Map<String, String> settings) {
      RankActivity activity = new RankActivity();
      activity.run(new RankPosition(), tag -> 1 - number);
      LinkConfig config = new LinkConfig(HOST, HOST, 0, settings, "penstock", null, false, true);
      Link link = Links.open(config);
      return new Rank(number, new WatchedLink(link, activity), activity);
    }

    Pulse pulse(long number) {
      RankPlace place = new RankPlace(this.number, "e" + this.number, "host", 1, List.of());
      return activity.pulse(place, 0, number, List.of());
    }

    CompletableFuture<Void> receiving(Tag tag) {
      return CompletableFuture.runAsync(
          () -> {
            try {
              link.receive(tag, () -> false).close();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          });
    }

    void awaitWait() throws InterruptedException {
      while (pulse(0).awaits() == null) {
        Thread.sleep(1);
      }
    }
  }

  private final Rank second = Rank.open(1, Map.of());

  /** Connects both, and sends a first frame over the way that can swallow the others. */
  private Swallow join(Rank first) throws Exception {
    Address own = first.link().address();
    Address other = second.link().address();
    Swallow way = new Swallow(other.port());
    CompletableFuture<Void> connected =
        CompletableFuture.runAsync(() -> second.link().connect(1, List.of(own, other)));
    first
        .link()
        .connect(0, List.of(own, new Address(other.host(), way.port(), other.jvm(), other.link())));
    connected.get();
    CompletableFuture<Void> there = second.receiving(THERE);
    first.link().send(1, THERE, Nd4j.ones(3));
    there.get();
    return way;
  }

  private static LinkException failureOf(CompletableFuture<Void> wait) {
    return assertInstanceOf(
        LinkException.class, assertThrows(ExecutionException.class, wait::get).getCause());
  }

  @Test
  void bothSidesWaitAndTheDriverFindsThatTheirConnectionIsDead() throws Exception {
    Rank first = Rank.open(0, Map.of());
    CompletableFuture<Void> there;
    CompletableFuture<Void> back;
    try (Swallow way = join(first)) {
      way.swallow();
      first.link().send(1, LOST, Nd4j.ones(3));
      back = first.receiving(BACK);
      there = second.receiving(LOST);
      first.awaitWait();
      second.awaitWait();
      StallWatch watch = new StallWatch(2, Optional.empty(), 0);
      Optional<Stall> stall = Optional.empty();
      for (int passed = 1; stall.isEmpty(); passed++) {
        watch.hear(first.pulse(passed));
        watch.hear(second.pulse(passed));
        stall = watch.look(TimeUnit.SECONDS.toNanos(passed));
      }
      RunFailure failure = stall.get().failure(new Exception("Job 1 cancelled"));
      assertEquals(FailureKind.LINK_BROKEN, failure.kind());
      assertEquals(Stall.Kind.CONNECTION, stall.get().kind());
      assertEquals(
          List.of(0, 1), stall.get().waiting().stream().map(Pulse::rank).sorted().toList());
    }
    // The end of the way is told to both: as where the driver cancels the job, nobody waits on.
    failureOf(there);
    failureOf(back);
    second.link().close();
    first.link().close();
  }

  /** By Spark's watch on what was sent, and needs no driver. */
  @Test
  void aFrameThatIsNeverConfirmedBreaksItsSendersConnection() throws Exception {
    Rank first = Rank.open(0, Map.of("spark.penstock.io.connectionTimeout", "3s"));
    try (Swallow way = join(first)) {
      way.swallow();
      first.link().send(1, LOST, Nd4j.ones(3));
      LostPeerException lost =
          assertInstanceOf(LostPeerException.class, failureOf(first.receiving(BACK)).getCause());
      assertEquals(1, lost.rank());
      assertEquals(LostPeerException.Loss.CONNECTION, lost.loss());
    }
    second.link().close();
    first.link().close();
  }
}
