package io.penstock.launch.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.compute.DeviceException;
import io.penstock.event.FailureKind;
import io.penstock.event.RankPlace;
import io.penstock.link.LinkException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkException;
import org.apache.spark.shuffle.FetchFailedException;
import org.apache.spark.storage.BlockManagerId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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
    Throwable cause =
        RankFailure.of(PLACE, 0, new IllegalStateException("why")).cause().orElseThrow();
    assertInstanceOf(IllegalStateException.class, cause);
    assertEquals("why", cause.getMessage());
  }

  @Test
  void whatCannotBeSerialisedArrivesAsText() {
    RankFailure failure = RankFailure.of(PLACE, 0, new Stuck());
    assertEquals(Optional.empty(), failure.cause());
    assertTrue(failure.text().contains("stuck"), failure.text());
  }

  @Test
  void whatCannotBeReadArrivesAsText() {
    RankFailure failure =
        new RankFailure(PLACE, 0, FailureKind.EXCEPTION, null, "text", new byte[] {1, 2, 3});
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
      RankFailure failure = RankFailure.of(PLACE, 0, error);
      assertEquals(FailureKind.EXCEPTION, failure.kind());
      assertEquals(error.toString(), failure.text());
      assertInstanceOf(error.getClass(), failure.cause().orElseThrow());
    }
  }

  @Test
  void whatSparkWrapsIsUnwrapped() {
    IllegalStateException inside = new IllegalStateException("the cause");
    SparkException wrapped = new SparkException("Exception thrown in awaitResult: ", inside);
    assertEquals(inside.toString(), RankFailure.of(PLACE, 0, wrapped).text());
  }

  @Test
  void aCheckpointThatCannotBeWrittenSaysSoWithoutTheNamesOfClasses() {
    CheckpointException full =
        CheckpointException.of("Could not write it to", "full:/d", FullDisk.error(), "Make room.");
    RankFailure failure = RankFailure.of(PLACE, 0, full);
    assertEquals(FailureKind.CHECKPOINT_FAILED, failure.kind());
    assertEquals(
        "Could not write it to full:/d: No space left on device. Make room.", failure.text());
  }

  @Test
  void whoIsInterruptedHasNoFailureOfItsOwn() {
    RankFailure failure = RankFailure.of(PLACE, 0, new InterruptedException("cancelled"));
    assertTrue(failure.consequence());
    assertNull(failure.lost());
  }

  @Test
  void aFailureOfTheLinkItselfIsTheRanksOwn() {
    RankFailure failure = RankFailure.of(PLACE, 0, new LinkException("No memory for it."));
    assertEquals(FailureKind.EXCEPTION, failure.kind());
  }

  @ParameterizedTest
  @EnumSource(DeviceException.Kind.class)
  void whatIsLeftOfADeviceIsToldThroughAllThatWrapsIt(DeviceException.Kind left) {
    DeviceException device = new DeviceException(left, "The GPU.", null);
    FailureKind kind =
        switch (left) {
          case LOST -> FailureKind.DEVICE_LOST;
          case FULL -> FailureKind.DEVICE_FULL;
          case OTHER -> FailureKind.EXCEPTION;
        };
    for (Throwable thrown :
        new Throwable[] {
          device,
          new LinkException("Waiting for a frame ended: The GPU.", device),
          new IllegalStateException(new LinkException("Cannot send.", device))
        }) {
      RankFailure failure = RankFailure.of(PLACE, 0, thrown);
      assertEquals(kind, failure.kind(), thrown.toString());
      assertFalse(failure.consequence());
      if (left != DeviceException.Kind.OTHER) {
        assertEquals("The GPU.", failure.text());
        Throwable cause = failure.cause().orElseThrow();
        assertEquals(left, assertInstanceOf(DeviceException.class, cause).kind());
      }
    }
  }

  @Test
  void aCheckpointThatFailsForItsDeviceIsTheDevicesFailure() {
    DeviceException lost = new DeviceException(DeviceException.Kind.LOST, "The GPU.", null);
    CheckpointException checkpoint =
        CheckpointException.of("Could not write it to", "there", lost, "Make room.");
    assertEquals(FailureKind.DEVICE_LOST, RankFailure.of(PLACE, 0, checkpoint).kind());
  }

  @Test
  void itsKindGoesWithItSoThatNobodyNeedsToKnowItsClass() {
    FetchFailedException lost =
        new FetchFailedException(
            BlockManagerId.apply("1", "host", 7, scala.Option.empty()), 0, 0L, 1, 2, "gone", null);
    Map<Throwable, FailureKind> kinds =
        Map.of(
            new IllegalStateException("it"),
            FailureKind.EXCEPTION,
            new OutOfMemoryError("Java heap space"),
            FailureKind.EXCEPTION,
            new IllegalArgumentException("it"),
            FailureKind.REFUSED_INPUT,
            lost,
            FailureKind.JOB_FAILED,
            new RuntimeException(lost),
            FailureKind.JOB_FAILED);
    kinds.forEach(
        (thrown, kind) ->
            assertEquals(kind, RankFailure.of(PLACE, 0, thrown).kind(), thrown.toString()));
  }
}
