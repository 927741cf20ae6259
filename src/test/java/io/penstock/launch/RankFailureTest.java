package io.penstock.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class RankFailureTest {
  /** Holds what Java cannot serialise. */
  private static final class Stuck extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("unused")
    private final Object lock = new Object();

    Stuck() {
      super("stuck");
    }
  }

  @Test
  void theExceptionItselfArrives() {
    Throwable cause =
        RankFailure.of(1, "host", false, new IllegalStateException("why")).cause().orElseThrow();
    assertInstanceOf(IllegalStateException.class, cause);
    assertEquals("why", cause.getMessage());
  }

  @Test
  void whatCannotBeSerialisedArrivesAsText() {
    RankFailure failure = RankFailure.of(1, "host", false, new Stuck());
    assertEquals(Optional.empty(), failure.cause());
    assertTrue(failure.text().contains("stuck"), failure.text());
  }

  @Test
  void whatCannotBeReadArrivesAsText() {
    RankFailure failure = new RankFailure(1, "host", false, "text", new byte[] {1, 2, 3});
    assertEquals(Optional.empty(), failure.cause());
  }
}
