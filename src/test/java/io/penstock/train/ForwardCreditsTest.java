package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.penstock.link.Address;
import io.penstock.link.Link;
import io.penstock.link.LinkConfig;
import io.penstock.link.Links;
import io.penstock.link.Tag;
import io.penstock.schedule.generate.Schedules;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ForwardCreditsTest {
  private static TrainingPlan plan(String schedule) {
    return new TrainingPlan(
        "",
        "",
        List.of(0, 1),
        TrainingPlan.lowerAndVerify(Schedules.generate(schedule, 2, 4)),
        4,
        1,
        7);
  }

  @Test
  void theFirstRankIsNeverMoreThanTwoStepsAheadOfTheLast() throws Exception {
    TrainingPlan plan = plan("forward");
    try (Link one = Links.open(LinkConfig.on("127.0.0.1"));
        Link two = Links.open(LinkConfig.on("127.0.0.1"))) {
      connect(one, two);
      CompletableFuture<Tag> awaited = new CompletableFuture<>();
      ForwardCredits first = new ForwardCredits(plan, 0, 0, 5, telling(one, awaited));
      ForwardCredits last = new ForwardCredits(plan, 1, 0, 5, two);
      first.begin(0, () -> false);
      first.begin(1, () -> false);
      assertFalse(awaited.isDone(), "the first two steps wait for nothing");
      CompletableFuture<Void> third = CompletableFuture.runAsync(() -> begin(first, 2));
      CompletableFuture.anyOf(awaited, third).get();
      assertFalse(third.isDone(), "nothing has come that it could go on for");
      assertEquals(0, awaited.get().step());
      last.end(0);
      third.get();
      last.end(1);
      last.end(2);
      begin(first, 3);
      begin(first, 4);
      last.end(3);
      assertEquals(3, two.stats().framesSent(), "nobody waits for the last two steps");
    }
  }

  @Test
  void inTrainingTheGradientsKeepThePace() throws Exception {
    try (Link one = Links.open(LinkConfig.on("127.0.0.1"));
        Link two = Links.open(LinkConfig.on("127.0.0.1"))) {
      connect(one, two);
      begin(new ForwardCredits(plan("1f1b"), 0, 0, 5, one), 4);
      new ForwardCredits(plan("1f1b"), 1, 0, 5, two).end(0);
      assertEquals(0, two.stats().framesSent());
    }
  }

  private static void connect(Link one, Link two) throws Exception {
    List<Address> addresses = List.of(one.address(), two.address());
    CompletableFuture<Void> other = CompletableFuture.runAsync(() -> two.connect(1, addresses));
    one.connect(0, addresses);
    other.get();
  }

  /** A link that tells what it is about to wait for first. */
  private static Link telling(Link link, CompletableFuture<Tag> awaited) {
    return (Link)
        Proxy.newProxyInstance(
            Link.class.getClassLoader(),
            new Class<?>[] {Link.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("receive")) {
                awaited.complete((Tag) arguments[0]);
              }
              return method.invoke(link, arguments);
            });
  }

  private static void begin(ForwardCredits credits, int step) {
    try {
      credits.begin(step, () -> false);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }
}
