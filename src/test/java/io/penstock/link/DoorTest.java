package io.penstock.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DoorTest {
  private static final long PATIENCE = 1000;
  private final List<String> told = new ArrayList<>();
  private long now;
  private final Door door =
      new Door(new RefusalLog(() -> now += TimeUnit.MINUTES.toNanos(1), told::add), PATIENCE);

  private EmbeddedChannel come() {
    EmbeddedChannel channel = new EmbeddedChannel();
    channel.freezeTime();
    door.came(channel);
    return channel;
  }

  private EmbeddedChannel greeted(int rank) {
    EmbeddedChannel channel = come();
    door.greeted(channel, rank);
    return channel;
  }

  private void assertCut(EmbeddedChannel channel, String why) {
    assertFalse(channel.isOpen());
    assertTrue(told.get(told.size() - 1).contains(why), told.toString());
    assertEquals(OptionalInt.empty(), door.left(channel));
  }

  @Test
  void whoDoesNotGreetInTimeIsCutOff() {
    EmbeddedChannel silent = come();
    EmbeddedChannel rank = greeted(1);
    for (EmbeddedChannel one : List.of(silent, rank)) {
      one.advanceTimeBy(PATIENCE - 1, TimeUnit.MILLISECONDS);
      one.runScheduledPendingTasks();
      assertTrue(one.isOpen());
      one.advanceTimeBy(1, TimeUnit.MILLISECONDS);
      one.runScheduledPendingTasks();
    }
    assertCut(silent, "has not greeted within 1000 ms");
    assertTrue(rank.isOpen());
  }

  @Test
  void theOldestStrangerGivesWayToTheNext() {
    EmbeddedChannel rank = greeted(1);
    List<EmbeddedChannel> crowd = new ArrayList<>();
    for (int i = 0; i < Door.MOST_STRANGERS; i++) {
      crowd.add(come());
    }
    assertTrue(crowd.get(0).isOpen());
    EmbeddedChannel last = come();
    assertCut(crowd.get(0), "while 128 others came after it");
    assertTrue(crowd.get(1).isOpen());
    assertTrue(rank.isOpen());
    door.greeted(last, 2);
    assertEquals(OptionalInt.of(2), door.left(last));
  }

  @Test
  void whoIsBeingCutOffGreetsInVainAndMayComeAgain() {
    EmbeddedChannel first = come();
    for (int i = 0; i < Door.MOST_STRANGERS; i++) {
      come();
    }
    assertFalse(door.greeted(first, 1)); // its greeting was under way
    assertEquals(OptionalInt.empty(), door.left(first));
    assertTrue(door.greeted(come(), 1));
  }

  @Test
  void aRankGreetsOnce() {
    EmbeddedChannel first = greeted(1);
    EmbeddedChannel second = come();
    LinkException refusal = assertThrows(LinkException.class, () -> door.greeted(second, 1));
    assertTrue(refusal.getMessage().contains("rank 1 has greeted already"), refusal.getMessage());
    assertEquals(OptionalInt.empty(), door.left(second)); // its end is no loss of rank 1
    assertEquals(OptionalInt.of(1), door.left(first));
  }

  @Test
  void onlyRanksThatAreExpectedComeIn() {
    EmbeddedChannel early = greeted(7);
    EmbeddedChannel one = greeted(1);
    assertThrows(LinkException.class, () -> door.greeted(come(), -1));
    door.expect(Set.of(1, 2));
    assertCut(early, "a rank that does not come to this link");
    assertThrows(LinkException.class, () -> door.greeted(come(), 3));
    assertTrue(one.isOpen());
  }

  @Test
  void whenAllRanksAreHereNobodyElseHasAnyBusiness() {
    EmbeddedChannel waiting = come();
    EmbeddedChannel one = greeted(1);
    door.expect(Set.of(1, 2));
    assertTrue(waiting.isOpen());
    EmbeddedChannel two = greeted(2);
    assertCut(waiting, "when all ranks of the run had");
    assertCut(come(), "came after all ranks of the run");
    door.left(one);
    assertCut(come(), "came after all ranks of the run");
    assertTrue(two.isOpen());
  }

  @Test
  void whereAllRanksAreInOneProcessNobodyIsLetIn() {
    door.expect(Set.of());
    assertCut(come(), "came after all ranks of the run");
  }
}
