package io.penstock.ui.console;

import io.penstock.ui.RunState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Progress in plain lines of the log, every few seconds. For one thread. The log has a line of
 * every epoch anyway, so these come only where epochs are longer than that.
 */
final class ConsoleLog implements Console {
  private final LiveRuns runs;
  private final long pauseMillis;
  private final Consumer<String> log;
  private Map<String, Long> said = new HashMap<>();

  /**
   * @param pauseMillis between two lines of a run
   * @param log takes a line
   */
  ConsoleLog(LiveRuns runs, long pauseMillis, Consumer<String> log) {
    this.runs = runs;
    this.pauseMillis = pauseMillis;
    this.log = log;
  }

  @Override
  public void tick(long now) {
    runs.takeEnded();
    List<RunState> running = runs.running();
    Map<String, Long> next = new HashMap<>();
    for (RunState run : running) {
      long last = Math.max(heard(run), said.getOrDefault(run.runId(), 0L));
      if (run.step() != null && run.step().time() > last && now - last >= pauseMillis) {
        log.accept(new ProgressLine(run, running.size() - 1, now).plain());
        last = now;
      }
      next.put(run.runId(), last);
    }
    said = next;
  }

  /** Returns when the log told of a run last, in milliseconds since 1970. */
  private static long heard(RunState run) {
    return run.epochs().newest().map(epoch -> epoch.time()).orElse(run.ready().time());
  }

  @Override
  public void close() {}
}
