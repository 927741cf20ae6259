package io.penstock.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.array.Loan;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

@Timeout(120)
class InboxTest {
  private static final Tag TAG = tag(0);
  private final Traffic traffic = new Traffic();
  private final Inbox inbox = new Inbox(traffic);
  private final INDArray array = Nd4j.ones(2, 3);

  private static Tag tag(int microBatch) {
    return new Tag(new Channel.Activation(1), 0, microBatch);
  }

  private Loan loan() {
    return Loan.of(array, back -> {});
  }

  private INDArray await(Tag tag) throws InterruptedException {
    return inbox.await(tag, () -> false).array();
  }

  @Test
  void aFrameThatComesFirstIsKept() throws InterruptedException {
    inbox.deliver(0, TAG, loan());
    assertSame(array, await(TAG));
    assertEquals(new LinkStats(0, 0, 1, 24, 0), traffic.stats());
  }

  @Test
  void aFrameIsForgottenOnceReceivedSoThatMemoryStaysBounded() throws InterruptedException {
    inbox.deliver(0, TAG, loan());
    await(TAG);
    assertFalse(inbox.post(TAG).isDone());
  }

  @Test
  void aFrameSentTwiceFailsBothSides() {
    inbox.deliver(0, TAG, loan());
    assertThrows(LinkException.class, () -> inbox.deliver(0, TAG, loan()));
    assertTrue(inbox.failure().getMessage().contains("twice"));
  }

  @Test
  void theFirstCauseWins() {
    IllegalStateException first = new IllegalStateException("first");
    inbox.post(TAG);
    inbox.fail(first);
    inbox.fail(new IllegalStateException("second"));
    assertSame(first, assertThrows(LinkException.class, () -> await(TAG)).getCause());
    assertSame(first, assertThrows(LinkException.class, () -> await(tag(1))).getCause());
  }

  @Test
  void aFrameThatNobodyHasTakenIsGivenBackByAFailure() throws InterruptedException {
    List<INDArray> back = new ArrayList<>();
    inbox.deliver(0, TAG, Loan.of(array, back::add));
    inbox.deliver(0, tag(1), Loan.of(Nd4j.ones(1), back::add));
    inbox.await(tag(1), () -> false);
    inbox.fail(new IllegalStateException("over"));
    assertEquals(1, back.size());
    assertSame(array, back.get(0));
    assertThrows(LinkException.class, () -> await(TAG));
  }

  @Test
  void cancellingEndsAWait() {
    assertThrows(InterruptedException.class, () -> inbox.await(TAG, () -> true));
  }

  @Test
  void aPeerThatEndsLeavesItsFramesBehind() throws InterruptedException {
    inbox.expectPeers(1);
    inbox.deliver(0, TAG, loan());
    inbox.ended(0);
    assertSame(array, await(TAG));
    assertThrows(LinkException.class, () -> await(tag(1)));
  }

  @Test
  void theEndOfOnePeerEndsOnlyWaitsForIt() throws InterruptedException {
    inbox.expectPeers(2);
    inbox.deliver(0, TAG, loan());
    inbox.post(tag(1));
    Tag gradient = new Tag(new Channel.Gradient(1), 0, 0);
    inbox.post(gradient);
    inbox.ended(0);
    assertThrows(LinkException.class, () -> await(tag(1)));
    inbox.deliver(2, gradient, loan());
    assertSame(array, await(gradient));
  }

  @Test
  void whenAllPeersHaveEndedNoWaitHasHope() {
    inbox.post(TAG);
    inbox.ended(0);
    inbox.ended(2);
    assertFalse(inbox.post(TAG).isDone());
    inbox.expectPeers(2);
    assertThrows(LinkException.class, () -> await(TAG));
  }

  @Test
  void afterAGoodbyeThereIsNothingToLose() {
    inbox.ended(0);
    inbox.lost(LostPeerException.connection(0, "h:1", "broke", null));
    assertEquals(null, inbox.failure());
    inbox.lost(LostPeerException.connection(1, "h:2", "broke", null));
    assertEquals("The connection to rank 1 at h:2 broke.", inbox.failure().getMessage());
  }
}
