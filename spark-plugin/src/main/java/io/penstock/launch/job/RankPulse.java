package io.penstock.launch.job;

import io.penstock.event.RankPlace;
import io.penstock.launch.job.Pulse.Phase;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.spark.BarrierTaskContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pulse of a rank's task: a thread of its own that tells the driver once a second where the rank
 * is, also while the task's thread hangs. Ends with the task. For the task's thread.
 */
final class RankPulse implements AutoCloseable {
  /** Milliseconds between two pulses. */
  static final long PAUSE_MILLIS = 1000;

  /** Pulses without a move after which the stack is told too. */
  private static final int STILL = 3;

  private static final int MOST_FRAMES = 64;
  private static final Logger LOG = LoggerFactory.getLogger(RankPulse.class);

  private final RankPlace place;
  private final int attempt;
  private final RankActivity activity;
  private final Thread task;
  private final Function<Pulse, PulseReply> driver;
  private final Consumer<Pulse> goodbye;
  private final AtomicLong number = new AtomicLong();
  private final CountDownLatch over = new CountDownLatch(1);
  private final Thread thread;
  private Phase end = Phase.FAILED;

  /**
   * Pulse of the task on the calling thread, which begins to beat with {@link #start}.
   *
   * @param driver takes a pulse and replies; what it throws is a pulse that was lost
   * @param goodbye takes the last pulse, on the task's thread, which must not wait
   */
  RankPulse(
      RankPlace place,
      int attempt,
      RankActivity activity,
      Function<Pulse, PulseReply> driver,
      Consumer<Pulse> goodbye) {
    this.place = place;
    this.attempt = attempt;
    this.activity = activity;
    this.driver = driver;
    this.goodbye = goodbye;
    this.task = Thread.currentThread();
    this.thread = new Thread(this::beat, "penstock-pulse-" + place.rank());
    thread.setDaemon(true);
  }

  /** Starts the pulse of a task, on the task's thread. */
  static RankPulse start(
      BarrierTaskContext context, RankActivity activity, DriverEndpoint.Remote driver) {
    RankPulse pulse =
        new RankPulse(
            RankPlace.of(context),
            context.stageAttemptNumber(),
            activity,
            driver::pulse,
            driver::sendNow);
    pulse.start();
    return pulse;
  }

  void start() {
    thread.start();
  }

  private void beat() {
    long moves = -1;
    int still = 0;
    boolean told = false;
    try {
      do {
        long now = activity.moves();
        still = now == moves ? still + 1 : 0;
        moves = now;
        List<String> stack = still >= STILL ? stack() : List.of();
        Pulse pulse = activity.pulse(place, attempt, number.incrementAndGet(), stack);
        PulseReply reply = reply(pulse);
        activity.wantCheckpoint(reply.checkpointNow());
        if (reply.stalled() && !told) {
          told = true;
          LOG.error(
              "The driver is about to end the run, for rank {} moves on no more: it {}\n\tat {}",
              place.rank(),
              pulse.doing(),
              String.join("\n\tat ", stack()));
        }
      } while (!over.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException ended) {
      // by close
    }
  }

  /** Returns the reply; where none comes, the driver wants nothing. */
  private PulseReply reply(Pulse pulse) {
    try {
      return driver.apply(pulse);
    } catch (Exception lost) { // Spark declares none of its own
      LOG.debug("A pulse of rank {} was lost", place.rank(), lost);
      return new PulseReply(false, false);
    }
  }

  private List<String> stack() {
    return Arrays.stream(task.getStackTrace()).limit(MOST_FRAMES).map(RankPulse::words).toList();
  }

  /** Returns a frame without the names of class loader and module, which say nothing here. */
  private static String words(StackTraceElement frame) {
    return frame.getClassName()
        + "."
        + frame.getMethodName()
        + (frame.getFileName() == null
            ? ""
            : "(" + frame.getFileName() + ":" + frame.getLineNumber() + ")");
  }

  /** Notes that the task ends in good order; otherwise it has failed when this is closed. */
  void succeeded() {
    end = Phase.ENDED;
  }

  /**
   * Ends the thread, and tells the driver that the task is over, or it would miss the other pulses.
   */
  @Override
  public void close() {
    over.countDown();
    thread.interrupt();
    activity.enter(end);
    try {
      goodbye.accept(activity.pulse(place, attempt, number.incrementAndGet(), List.of()));
    } catch (RuntimeException unheard) { // the driver knows by the job's end
      LOG.debug("The last pulse of rank {} was lost", place.rank(), unheard);
    }
  }
}
