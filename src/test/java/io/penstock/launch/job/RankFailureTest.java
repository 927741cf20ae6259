package io.penstock.launch.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.event.RankPlace;
import io.penstock.link.LinkException;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;

class RankFailureTest {
  private static final RankPlace PLACE = new RankPlace(1, "e1", "host", 7, List.of());

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
    Throwable cause = RankFailure.of(PLACE, new IllegalStateException("why")).cause().orElseThrow();
    assertInstanceOf(IllegalStateException.class, cause);
    assertEquals("why", cause.getMessage());
  }

  @Test
  void whatCannotBeSerialisedArrivesAsText() {
    RankFailure failure = RankFailure.of(PLACE, new Stuck());
    assertEquals(Optional.empty(), failure.cause());
    assertTrue(failure.text().contains("stuck"), failure.text());
  }

  @Test
  void whatCannotBeReadArrivesAsText() {
    RankFailure failure =
        new RankFailure(PLACE, RankFailure.Kind.OWN, null, "text", new byte[] {1, 2, 3});
    assertEquals(Optional.empty(), failure.cause());
  }

  @Test
  void anErrorIsTheRanksOwnAndArrivesAsWhatItIs() {
    for (Error error :
        new Error[] {
          new NoClassDefFoundError("org/example/Missing"),
          new StackOverflowError(),
          new OutOfMemoryError("Java heap space")
        }) {
      RankFailure failure = RankFailure.of(PLACE, error);
      assertEquals(RankFailure.Kind.OWN, failure.kind());
      assertEquals(error.toString(), failure.text());
      assertInstanceOf(error.getClass(), failure.cause().orElseThrow());
    }
  }

  @Test
  void whatSparkWrapsIsUnwrapped() {
    IllegalStateException inside = new IllegalStateException("the cause");
    SparkException wrapped = new SparkException("Exception thrown in awaitResult: ", inside);
    assertEquals(inside.toString(), RankFailure.of(PLACE, wrapped).text());
  }

  @Test
  void aCheckpointThatCannotBeWrittenSaysSoWithoutTheNamesOfClasses() {
    CheckpointException full =
        CheckpointException.of("Could not write it to", "full:/d", FullDisk.error(), "Make room.");
    RankFailure failure = RankFailure.of(PLACE, full);
    assertEquals(RankFailure.Kind.CHECKPOINT, failure.kind());
    assertEquals(
        "Could not write it to full:/d: No space left on device. Make room.", failure.text());
  }

  @Test
  void whoIsInterruptedHasNoFailureOfItsOwn() {
    RankFailure failure = RankFailure.of(PLACE, new InterruptedException("cancelled"));
    assertEquals(RankFailure.Kind.ENDED, failure.kind());
    assertTrue(failure.consequence());
  }

  @Test
  void aFailureOfTheLinkItselfIsTheRanksOwn() {
    RankFailure failure = RankFailure.of(PLACE, new LinkException("No memory for it."));
    assertEquals(RankFailure.Kind.OWN, failure.kind());
  }
}
