package io.penstock.ui;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.codahale.metrics.MetricRegistry;
import io.penstock.event.RunIncident;
import io.penstock.event.RunIncident.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunMetricsTest {
  private final MetricRegistry registry = new MetricRegistry();
  private final RunMetrics metrics = new RunMetrics();

  RunMetricsTest() {
    metrics.register(registry);
  }

  private long count(String name) {
    return registry.counter(name).getCount();
  }

  @Test
  void whatHappensInAllRunsIsCounted() {
    for (String run : new String[] {"a", "b"}) {
      metrics.onOtherEvent(Samples.started(run));
      for (Kind kind : Kind.values()) {
        metrics.onOtherEvent(new RunIncident(run, 5000, kind, 0, 1, 0, kind.name()));
      }
    }
    assertEquals(2, count("runs.started"));
    for (String name : List.of("skippedSteps", "checkpoints", "resumes", "recuts")) {
      assertEquals(2, count("runs." + name), name);
    }
  }
}
