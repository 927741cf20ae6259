package io.penstock.launch.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.MetricRegistry;
import io.penstock.launch.job.SmallRun;
import io.penstock.link.Link;
import io.penstock.link.LinkStats;
import io.penstock.train.RankMeter;
import io.penstock.train.TrainingPlan;
import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RankMetricsTest {
  private final MetricRegistry registry = new MetricRegistry();
  private final AtomicReference<LinkStats> traffic =
      new AtomicReference<>(new LinkStats(0, 0, 0, 0, 0));

  /** A link that has nothing but its counters. */
  private Link link() {
    return (Link)
        Proxy.newProxyInstance(
            Link.class.getClassLoader(),
            new Class<?>[] {Link.class},
            (proxy, method, arguments) -> traffic.get());
  }

  private RankMetrics begin(String run, int rank, TrainingPlan plan) {
    return new RankMetrics(registry, run, rank, plan, new RankMeter(plan.stages()), link());
  }

  private Object value(String name) {
    return registry.getGauges().get(name).getValue();
  }

  private Set<String> ranks() {
    return registry.getNames().stream()
        .map(name -> name.substring(0, name.indexOf('.')))
        .collect(Collectors.toSet());
  }

  @Test
  void everyStageOfTheRankHasItsOwn() {
    TrainingPlan plan = SmallRun.onTwoRanks("interleaved");
    begin("run", 1, plan);
    Set<String> names = registry.getNames();
    assertTrue(names.contains("rank1.stage1.busySeconds"), names.toString());
    assertTrue(names.contains("rank1.stage3.waitSeconds"), names.toString());
    assertFalse(names.contains("rank1.stage0.busySeconds"), names.toString());
  }

  @Test
  void valuesAreThoseOfNowAndStayWhenTheRankIsDone() {
    RankMetrics metrics = begin("run", 0, SmallRun.plan(2));
    assertEquals(1, value("rank0.running"));
    assertEquals(0L, value("rank0.bytesSent"));
    traffic.set(new LinkStats(3, 300, 2, 200, 1));
    assertEquals(300L, value("rank0.bytesSent"));
    assertEquals(1L, value("rank0.framesInFlight"));
    metrics.stepTook(2_000);
    metrics.epochDone(0.5);
    metrics.epochDone(0);
    metrics.close();
    traffic.set(new LinkStats(9, 900, 9, 900, 9));
    assertEquals(0, value("rank0.running"));
    assertEquals(300L, value("rank0.bytesSent"));
    assertEquals(200L, value("rank0.bytesReceived"));
    assertEquals(0L, value("rank0.framesInFlight"));
    assertEquals(2, value("rank0.epochs"));
    assertEquals(0.5, value("rank0.checkpointSeconds"), "of the last one that was due");
    assertEquals(1, registry.getTimers().get("rank0.stepTime").getCount());
    assertEquals(2_000, registry.getTimers().get("rank0.stepTime").getSnapshot().getMax());
  }

  @Test
  void theNextRunTakesThePlaceOfOneThatIsOver() {
    begin("first", 0, SmallRun.plan(3)).close();
    begin("first", 2, SmallRun.plan(3)).close();
    begin("second", 1, SmallRun.plan(3));
    assertEquals(Set.of("rank1"), ranks());
  }

  @Test
  void ranksOfOneRunStayTogetherAndOtherLivingOnesWithThem() {
    begin("first", 2, SmallRun.plan(3));
    begin("second", 0, SmallRun.plan(3)).close();
    begin("second", 1, SmallRun.plan(3));
    assertEquals(Set.of("rank0", "rank1", "rank2"), ranks());
  }

  @Test
  void anotherAttemptBeginsAnew() {
    begin("run", 0, SmallRun.plan(2)).epochDone(0);
    begin("run", 0, SmallRun.plan(2));
    assertEquals(0, value("rank0.epochs"));
  }
}
