package io.penstock.launch.job;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.event.FailureKind;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;

class CancellationTest {
  @Test
  void itIsToldBySparksWordsInAllItsVersions() {
    for (String words :
        new String[] {
          "Job 3 cancelled part of cancelled job group fits",
          "Job 3 cancelled because SparkContext was shut down",
          "[SPARK_JOB_CANCELLED] Job 12 cancelled as part of cancellation of all jobs SQLSTATE: 1"
        }) {
      assertTrue(Cancellation.causes(new SparkException(words)), words);
      assertTrue(Cancellation.causes(new RuntimeException(new SparkException(words))), words);
    }
    assertTrue(Cancellation.causes(new InterruptedException()));
  }

  @Test
  void aFailureThatMentionsTheWordIsNone() {
    assertFalse(
        Cancellation.causes(
            new SparkException(
                "Job aborted due to stage failure: order 7 was cancelled, Job 3 cancelled it")));
    assertFalse(Cancellation.causes(new IllegalStateException("Job 3 cancelled")));
  }

  @Test
  void whatIsTypedAlreadyIsNotReadAgain() {
    SparkException words = new SparkException("Job 3 cancelled");
    assertFalse(Cancellation.causes(failed(FailureKind.EXCEPTION, words)));
    assertTrue(Cancellation.causes(failed(FailureKind.CANCELLED, words)));
  }

  private static TrainingFailedException failed(FailureKind kind, Throwable cause) {
    return new TrainingFailedException(RunFailure.of(kind, "it", cause));
  }
}
