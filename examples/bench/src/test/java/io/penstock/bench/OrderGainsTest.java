package io.penstock.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.launch.cluster.NativeRuntime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class OrderGainsTest {
  /** Whether an order is found hangs on the times that are measured. */
  @Test
  void everyShareOfMemoryHasALineAndAFoundOrderRunsAsleep() throws Exception {
    NativeRuntime.ready(1);
    List<String> lines = new OrderGains(2, 1).lines(Work.named("small-gpt"), 2);
    assertEquals(2, lines.size());
    for (String line : lines) {
      assertTrue(line.matches("small-gpt +2 +(100|75)% .*( - +-|%.*%|no plan fits)"), line);
    }
  }
}
