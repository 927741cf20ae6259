package io.penstock.launch.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.event.RankPlace;
import io.penstock.launch.job.Pulse.Phase;
import io.penstock.link.Channel;
import io.penstock.link.Tag;
import io.penstock.train.RankPosition;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class RankPulseTest {
  private static final RankPlace PLACE = new RankPlace(7, "3", "host", 1, List.of());

  private final RankActivity activity = new RankActivity();
  private final BlockingQueue<Pulse> heard = new LinkedBlockingQueue<>();
  private final BlockingQueue<Pulse> goodbyes = new LinkedBlockingQueue<>();

  private RankPulse pulse(PulseReply reply) {
    return new RankPulse(
        PLACE,
        2,
        activity,
        one -> {
          heard.add(one);
          if (one.number() == 1) {
            throw new IllegalStateException("the network has lost it");
          }
          return reply;
        },
        goodbyes::add);
  }

  @Test
  void aTaskThatHangsIsHeardAllTheSameWithItsStack() throws Exception {
    activity.enter(Phase.TAKING_ROWS);
    try (RankPulse pulse = pulse(new PulseReply(false, true))) {
      pulse.start();
      Pulse first = heard.take();
      assertEquals(List.of(7, 2), List.of(first.rank(), first.attempt()));
      assertEquals(Phase.TAKING_ROWS, first.phase());
      assertEquals("took in its rows", first.doing());
      assertEquals(List.of(), first.stack());
      Pulse next = heard.take();
      while (next.stack().isEmpty()) {
        assertEquals(first.moves(), next.moves());
        next = heard.take();
      }
      String here = RankPulseTest.class.getName() + ".aTaskThatHangs";
      assertTrue(next.stack().stream().anyMatch(frame -> frame.startsWith(here)), "" + next);
      assertTrue(next.number() > first.number());
    }
  }

  @Test
  void theWaitForAFrameIsTold() {
    Tag tag = new Tag(new Channel.Activation(1), 4, 3);
    activity.run(new RankPosition(), one -> one.equals(tag) ? 5 : -1);
    activity.await(tag);
    Pulse waits = activity.pulse(PLACE, 0, 1, List.of());
    assertEquals(new Pulse.Wait(tag.toString(), 5), waits.awaits());
    assertEquals("was in before the first step, waiting for " + tag, waits.doing());
    activity.received();
    Pulse moved = activity.pulse(PLACE, 0, 2, List.of());
    assertNull(moved.awaits());
    assertTrue(moved.moves() > waits.moves());
  }

  @Test
  void theDriversWishReachesTheTask() throws Exception {
    try (RankPulse pulse = pulse(new PulseReply(true, false))) {
      assertFalse(activity.checkpointWanted());
      pulse.start();
      for (int pulses = 0; pulses < 3; pulses++) {
        heard.take();
      }
      assertTrue(activity.checkpointWanted());
    }
  }

  @Test
  void theLastPulseTellsHowTheTaskEndsAndTheThreadEndsWithIt() throws Exception {
    try (RankPulse pulse = pulse(new PulseReply(false, false))) {
      pulse.start();
      heard.take();
      pulse.succeeded();
    }
    assertEquals(Phase.ENDED, goodbyes.take().phase());
    pulse(new PulseReply(false, false)).close();
    assertEquals(Phase.FAILED, goodbyes.take().phase());
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().equals("penstock-pulse-7")) {
        thread.join();
      }
    }
  }
}
