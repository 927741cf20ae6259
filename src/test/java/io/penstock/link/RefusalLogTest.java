package io.penstock.link;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RefusalLogTest {
  private final AtomicLong now = new AtomicLong(Long.MIN_VALUE);
  private final List<String> lines = new ArrayList<>();
  private final RefusalLog log = new RefusalLog(now::get, lines::add);

  @Test
  void oneLineInTenSecondsNamesAnAddressAndCountsTheRest() {
    for (int i = 0; i < 1000; i++) {
      log.add("10.0.0.5:" + i, "sends a frame");
    }
    assertEquals(List.of("Refused a connection from 10.0.0.5:0, which sends a frame."), lines);
    now.addAndGet(TimeUnit.SECONDS.toNanos(10));
    log.add("10.0.0.6:1", "sends a frame");
    assertEquals(
        "Refused a connection from 10.0.0.6:1, which sends a frame."
            + " So were 999 more since the last such line.",
        lines.get(1));
    now.addAndGet(TimeUnit.SECONDS.toNanos(10));
    log.add("10.0.0.7:1", "sends a frame");
    assertEquals("Refused a connection from 10.0.0.7:1, which sends a frame.", lines.get(2));
  }
}
