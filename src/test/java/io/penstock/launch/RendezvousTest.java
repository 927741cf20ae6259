package io.penstock.launch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.penstock.launch.Rendezvous.Arrival;
import org.junit.jupiter.api.Test;

class RendezvousTest {
  private static final String[] NOT_YET = {};

  private final Rendezvous rendezvous = new Rendezvous(2);

  @Test
  void everyoneHearsWhatAllHaveSaidOnceAllHaveCome() {
    assertArrayEquals(NOT_YET, rendezvous.come(new Arrival(1, 0, "one")));
    assertArrayEquals(NOT_YET, rendezvous.come(new Arrival(1, 0, "one")));
    String[] all = {"zero", "one"};
    assertArrayEquals(all, rendezvous.come(new Arrival(0, 0, "zero")));
    assertArrayEquals(all, rendezvous.come(new Arrival(1, 0, "one")));
  }

  @Test
  void aLaterAttemptWaitsForAllItsRanksAndEndsTheEarlierOne() {
    rendezvous.come(new Arrival(0, 0, "zero"));
    rendezvous.come(new Arrival(1, 0, "one"));
    assertArrayEquals(NOT_YET, rendezvous.come(new Arrival(0, 1, "again")));
    assertThrows(IllegalStateException.class, () -> rendezvous.come(new Arrival(1, 0, "one")));
    assertArrayEquals(new String[] {"again", "too"}, rendezvous.come(new Arrival(1, 1, "too")));
  }
}
