package io.penstock.examples;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Havoc among the executors of a cluster, drawn from a seed: they are killed, stopped and, with
 * their workers, taken away and brought back. A thread of its own; any thread may ask what it did.
 */
final class Havoc implements AutoCloseable {
  /** Of a hundred blows, those that kill an executor. */
  private static final int KILLS = 75;

  /** Of a hundred, those that stop one; all others kill a worker with its executors. */
  private static final int STOPS = 12;

  private static final int HUNDRED = 100;

  /** Of a hundred blows, those that fall while the run still recovers from the one before. */
  private static final int HASTY = 30;

  private static final int MOST_PAUSE_MILLIS = 2_000;
  private static final int MOST_STOP_MILLIS = 15_000;
  private static final int MOST_ABSENCE_MILLIS = 5_000;
  private static final int LOOK_MILLIS = 20;

  private final SoakCluster cluster;
  private final SoakWatch watch;
  private final Random random;
  private final Thread thread = new Thread(this::wreak, "havoc");
  private final AtomicInteger kills = new AtomicInteger();
  private final AtomicInteger stops = new AtomicInteger();
  private final AtomicInteger starts = new AtomicInteger();

  /** Havoc that begins once it is started. */
  Havoc(SoakCluster cluster, SoakWatch watch, long seed) {
    this.cluster = cluster;
    this.watch = watch;
    this.random = new Random(seed);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Executors that were killed, those of a killed worker too. */
  int kills() {
    return kills.get();
  }

  /** Executors that were stopped. */
  int stops() {
    return stops.get();
  }

  /** Workers that were started in place of killed ones. */
  int starts() {
    return starts.get();
  }

  private void wreak() {
    try {
      while (true) {
        if (random.nextInt(HUNDRED) >= HASTY) {
          awaitSteps();
        }
        Thread.sleep(random.nextInt(MOST_PAUSE_MILLIS));
        strike(random.nextInt(HUNDRED));
      }
    } catch (InterruptedException ended) {
      // by close
    } catch (IOException failed) {
      System.err.println("soak: nothing more is struck: " + failed);
    }
  }

  private void awaitSteps() throws InterruptedException {
    long before = watch.steps();
    while (watch.steps() == before) {
      Thread.sleep(LOOK_MILLIS);
    }
  }

  private void strike(int drawn) throws IOException, InterruptedException {
    List<ProcessHandle> executors = cluster.executors();
    List<Process> workers = cluster.workers();
    int which = random.nextInt(HUNDRED);
    if (executors.isEmpty() || workers.isEmpty()) {
      return;
    }
    ProcessHandle victim = executors.get(which % executors.size());
    if (drawn < KILLS) {
      watch.struck();
      kill(victim);
      // Others with it, every second time one more: as where a machine or a rack is lost.
      for (int next = 1; next < executors.size() && random.nextBoolean(); next++) {
        kill(executors.get((which + next) % executors.size()));
      }
    } else if (drawn < KILLS + STOPS) {
      stop(victim);
    } else {
      Process worker = workers.get(which % workers.size());
      watch.struck();
      kills.addAndGet(SoakCluster.executors(worker).size());
      cluster.killWorker(worker);
      try {
        Thread.sleep(random.nextInt(MOST_ABSENCE_MILLIS));
      } finally { // where the havoc ends, too: the last run needs it
        cluster.startWorker();
        starts.incrementAndGet();
      }
    }
  }

  private void kill(ProcessHandle victim) {
    victim.destroyForcibly();
    kills.incrementAndGet();
  }

  /** Stops an executor; later it goes on, or is killed. */
  private void stop(ProcessHandle victim) throws IOException, InterruptedException {
    watch.struck();
    stops.incrementAndGet();
    boolean goesOn = false;
    try {
      signal("-STOP", victim);
      Thread.sleep(random.nextInt(MOST_STOP_MILLIS));
      goesOn = random.nextBoolean();
    } finally {
      if (goesOn) {
        signal("-CONT", victim);
        watch.undone();
      } else {
        kill(victim);
      }
    }
  }

  private static void signal(String name, ProcessHandle process)
      throws IOException, InterruptedException {
    new ProcessBuilder("kill", name, Long.toString(process.pid())).start().waitFor();
  }

  /** Ends the havoc; what is stopped is killed, and a worker that is away comes back. */
  @Override
  public void close() throws InterruptedException {
    thread.interrupt();
    thread.join(TimeUnit.MINUTES.toMillis(1));
  }
}
