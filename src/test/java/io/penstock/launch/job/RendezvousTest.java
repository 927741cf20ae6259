package io.penstock.launch.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.penstock.checkpoint.RunIdentity;
import io.penstock.event.RankPlace;
import io.penstock.launch.job.Rendezvous.Arrival;
import io.penstock.link.Address;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RendezvousTest {
  private static final UUID ID = UUID.randomUUID();
  private static final List<Arrival> NOT_YET = List.of();

  private final Rendezvous rendezvous = new Rendezvous(2);

  private static Arrival arrival(int rank, int attempt, long rows) {
    RankPlace place = new RankPlace(rank, "e" + rank, "host", 1, List.of());
    return new Arrival(
        place, attempt, new Address("h", rank, ID, ID), new RunIdentity.Rows(rows, 0, 5), "");
  }

  @Test
  void everyoneHearsWhatAllHaveSaidOnceAllHaveCome() {
    Arrival zero = arrival(0, 0, 10);
    Arrival one = arrival(1, 0, 11);
    assertEquals(NOT_YET, rendezvous.arrive(one));
    assertEquals(NOT_YET, rendezvous.arrive(one));
    assertEquals(List.of(zero, one), rendezvous.arrive(zero));
    assertEquals(List.of(zero, one), rendezvous.arrive(one));
  }

  @Test
  void aLaterAttemptWaitsForAllItsRanksAndEndsTheEarlierOne() {
    rendezvous.arrive(arrival(0, 0, 10));
    rendezvous.arrive(arrival(1, 0, 11));
    Arrival again = arrival(0, 1, 12);
    assertEquals(NOT_YET, rendezvous.arrive(again));
    assertThrows(IllegalStateException.class, () -> rendezvous.arrive(arrival(1, 0, 11)));
    Arrival too = arrival(1, 1, 13);
    assertEquals(List.of(again, too), rendezvous.arrive(too));
  }

  @Test
  void whoHasComeIsKnownByRankAndByExecutor() {
    Arrival one = arrival(1, 0, 11);
    rendezvous.arrive(one);
    assertEquals(Optional.empty(), rendezvous.place(0));
    assertEquals(Optional.of(one.place()), rendezvous.place(1));
    assertEquals(Optional.of(one.place()), rendezvous.on("e1"));
    assertEquals(Optional.empty(), rendezvous.on("e0"));
  }
}
