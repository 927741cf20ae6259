package io.penstock.link;

import io.penstock.array.Loan;
import io.penstock.array.NativeArrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Queue of received frames by tag, in which frames wait for their receiver and receivers for their
 * frames. A frame that comes first and a wait that comes first meet in the same future. The first
 * failure ends every wait; the good end of a peer ends only those waits that no living peer can
 * meet. Thread-safe.
 */
final class Inbox {
  private static final long POLL_MILLIS = 100;

  private final Traffic traffic;
  private final Map<Tag, CompletableFuture<Loan>> frames = new HashMap<>();
  private final FramePlan plan;
  private final StepWindow steps;
  private final Map<Channel, Integer> senders = new HashMap<>();
  private final Set<Integer> ended = new HashSet<>();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private int peers;
  private Throwable failure;

  /** An inbox for any frame. */
  Inbox(Traffic traffic) {
    this(traffic, FramePlan.ANY);
  }

  /** An inbox for the frames of a plan. */
  Inbox(Traffic traffic, FramePlan plan) {
    this.traffic = traffic;
    this.plan = plan;
    this.steps = new StepWindow(plan.stepsAhead());
  }

  /** Sets how many other ranks there are; until then the end of one leaves hope for another. */
  synchronized void expectPeers(int count) {
    peers = count;
    dropHopeless();
  }

  /** Announces the wait for this tag's frame, and returns its future. */
  synchronized CompletableFuture<Loan> post(Tag tag) {
    if (failure != null) {
      return CompletableFuture.failedFuture(failure);
    }
    String objection = plan.hasSteps() ? steps.awaits(tag) : null;
    if (objection != null) {
      fail(wrong(plan.sender(tag.channel()).orElse(-1), "", tag, objection));
      return CompletableFuture.failedFuture(failure);
    }
    CompletableFuture<Loan> frame = frames.computeIfAbsent(tag, t -> new CompletableFuture<>());
    dropIfHopeless(tag, frame);
    return frame;
  }

  /** Waits for the frame of this tag; see {@link Link#receive}. */
  Loan await(Tag tag, BooleanSupplier cancelled) throws InterruptedException {
    CompletableFuture<Loan> frame = post(tag);
    while (true) {
      if (cancelled.getAsBoolean()) {
        throw new InterruptedException("The task was cancelled while it awaited " + tag + ".");
      }
      try {
        Loan loan = frame.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
        requireTaken(tag, frame);
        return loan;
      } catch (TimeoutException e) {
        // not yet: ask again whether anyone still wants it
      } catch (ExecutionException e) {
        Throwable cause = e.getCause();
        throw new LinkException("Waiting for " + tag + " ended: " + cause.getMessage(), cause);
      }
    }
  }

  /**
   * Checks, before anything is allocated for it, that a frame is one of the plan, from the rank
   * that sends it, of its type and shape, and neither over nor here already. A peer that sends any
   * other is at fault and lost: this inbox fails.
   *
   * @param address of the sender, for messages
   * @throws LinkException when it is not
   */
  void admit(int fromRank, String address, Tag tag, DataType type, long[] shape) {
    Channel channel = tag.channel();
    String objection = plan.objection(fromRank, channel, tag, type, shape);
    synchronized (this) {
      if (objection == null && failure == null) {
        objection = untimely(channel, tag);
      }
    }
    if (objection != null) {
      LostPeerException wrong = wrong(fromRank, address, tag, objection);
      fail(wrong);
      throw wrong;
    }
  }

  private static LostPeerException wrong(int fromRank, String address, Tag tag, String objection) {
    return LostPeerException.connection(
        fromRank, address, "was cut, for it sent " + tag + ", " + objection, null);
  }

  private String untimely(Channel channel, Tag tag) {
    CompletableFuture<Loan> frame = frames.get(tag);
    if (frame != null && frame.isDone()) {
      return "a second time";
    }
    return plan.hasSteps() ? steps.objection(channel, tag) : null;
  }

  /**
   * Puts a frame in. After a failure it is given back, for nobody will ask.
   *
   * @param loan closed by who takes the frame out
   * @throws LinkException when the tag has a frame already, which fails this inbox too
   */
  void deliver(int fromRank, Tag tag, Loan loan) {
    boolean wanted;
    boolean repeated = false;
    synchronized (this) {
      wanted = failure == null;
      if (wanted) {
        if (!plan.hasSteps()) {
          senders.put(tag.channel(), fromRank);
        }
        // Before anyone has it: its holder may give it back at once.
        traffic.received(NativeArrays.bytes(loan.array()));
        repeated = !frames.computeIfAbsent(tag, t -> new CompletableFuture<>()).complete(loan);
      }
    }
    if (!wanted) {
      loan.close();
    }
    if (repeated) {
      LinkException twice =
          new LinkException(
              "Rank "
                  + fromRank
                  + " sent "
                  + tag
                  + " twice. The schedule must send each frame once.");
      fail(twice);
      throw twice;
    }
  }

  /**
   * Ends every wait, now and later, and gives frames back that nobody has taken, unless an earlier
   * cause has done so.
   */
  void fail(Throwable cause) {
    Set<CompletableFuture<Loan>> waits;
    synchronized (this) {
      if (failure != null) {
        return;
      }
      failure = cause;
      waits = new HashSet<>(frames.values());
      frames.clear();
    }
    for (CompletableFuture<Loan> wait : waits) {
      if (!wait.completeExceptionally(cause) && !wait.isCompletedExceptionally()) {
        wait.join().close(); // it has come, and nobody will ask
      }
    }
    traffic.abandon();
  }

  /** Returns the first cause of failure, or null while all is well. */
  synchronized Throwable failure() {
    return failure;
  }

  /** Notes that a peer has closed its link in good order: all that it sent is here. */
  synchronized void ended(int rank) {
    ended.add(rank);
    dropHopeless();
  }

  synchronized boolean hasEnded(int rank) {
    return ended.contains(rank);
  }

  /** Notes that a peer is gone without a goodbye; after one there was nothing to lose. */
  void lost(LostPeerException loss) {
    if (!hasEnded(loss.rank())) {
      fail(loss);
    }
  }

  /** Runs an action when the link is closed, at once if it is already. */
  void onClose(Runnable action) {
    closed.thenRun(action);
  }

  /** Ends what still waits, and takes nothing more. */
  void close() {
    fail(new LinkException("The link is closed."));
    closed.complete(null);
  }

  /**
   * Takes a frame that has come out.
   *
   * @throws LinkException if a failure has given it back meanwhile
   */
  private synchronized void requireTaken(Tag tag, CompletableFuture<Loan> frame) {
    if (!frames.remove(tag, frame)) {
      throw new LinkException("Waiting for " + tag + " ended: " + failure.getMessage(), failure);
    }
    if (plan.hasSteps()) {
      steps.taken(tag);
    }
  }

  private void dropHopeless() {
    frames.forEach(this::dropIfHopeless);
  }

  private void dropIfHopeless(Tag tag, CompletableFuture<Loan> frame) {
    if (ended.isEmpty()) {
      return;
    }
    Channel channel = tag.channel();
    OptionalInt planned = plan.sender(channel);
    Integer sender =
        planned.isPresent() ? Integer.valueOf(planned.getAsInt()) : senders.get(channel);
    boolean hopeless = sender != null ? ended.contains(sender) : peers > 0 && ended.size() == peers;
    if (hopeless && !frame.isDone()) {
      frame.completeExceptionally(
          sender != null
              ? LostPeerException.left(sender)
              : new LinkException(
                  "every peer has closed its link without sending it. Look for the cause on their"
                      + " side."));
    }
  }
}
