package io.penstock.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class StepWindowTest {
  private static final int AHEAD = 2;
  private final StepWindow window = new StepWindow(AHEAD);

  private static Tag tag(long step, int microBatch) {
    return new Tag(new Channel.Activation(1), step, microBatch);
  }

  private static Tag validation(long count) {
    return tag(Tag.validationStep(count), 0);
  }

  private String objection(Tag tag) {
    return window.objection(tag.channel(), tag);
  }

  @Test
  void framesOfThisStepAndOfSomeAheadMayCome() {
    assertNull(window.awaits(tag(5, 0)));
    for (long step = 5; step <= 5 + AHEAD; step++) {
      assertNull(objection(tag(step, 1)));
    }
    assertNotNull(objection(tag(5 + AHEAD + 1, 1)));
    assertNotNull(objection(tag(Long.MAX_VALUE, 1)));
  }

  @Test
  void aStepIsOverWhenTheNextIsAwaited() {
    window.awaits(tag(5, 0));
    window.awaits(tag(6, 0));
    assertTrue(objection(tag(5, 1)).contains("that one is over"), objection(tag(5, 1)));
    assertNull(objection(tag(6, 1)));
  }

  @Test
  void whatWasTakenMayNotComeAgain() {
    window.awaits(tag(5, 0));
    window.taken(tag(5, 0));
    assertEquals("a second time", objection(tag(5, 0)));
    assertNull(objection(tag(5, 1)));
    window.awaits(tag(6, 0));
    assertNull(objection(tag(6, 0)));
  }

  @Test
  void framesThatComeBeforeTheFirstWaitBeginWithItsStep() {
    assertNull(objection(tag(40, 0))); // a run that goes on begins anywhere
    assertNull(objection(tag(40 + AHEAD, 0)));
    assertNotNull(objection(tag(39, 0)));
    assertNotNull(objection(tag(40 + AHEAD + 1, 0)));
    assertNull(window.awaits(tag(40, 1)));
    assertNull(window.awaits(tag(41, 1)));
    StepWindow other = new StepWindow(AHEAD);
    other.objection(tag(1L << 40, 0).channel(), tag(1L << 40, 0));
    assertNotNull(other.awaits(tag(0, 0)));
  }

  @Test
  void trainingAndValidationCountByThemselves() {
    window.awaits(tag(100, 0));
    window.awaits(validation(0));
    assertNull(objection(tag(101, 0)));
    assertNull(objection(validation(1)));
    window.awaits(validation(1));
    assertNotNull(objection(validation(0)));
    assertNull(objection(tag(100, 0)));
  }

  @Test
  void everyRouteHasItsOwnStep() {
    window.awaits(tag(9, 0));
    assertNull(objection(new Tag(new Channel.Gradient(1), 3, 0)));
    assertNull(objection(new Tag(new Channel.Activation(2), 3, 0)));
  }
}
