package io.penstock.ui.console;

import io.penstock.Internal;
import io.penstock.conf.Settings;
import io.penstock.launch.plugin.DriverPart;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.PluginContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.jdk.javaapi.OptionConverters;

/**
 * Shows the progress of runs in the driver's console, as {@code spark.penstock.ui.console} has it:
 * {@code auto}, {@code line}, {@code log} or {@code off}. For the threads that set up and end
 * Spark's context; draws on a thread of its own.
 */
@Internal
public final class ConsolePart implements DriverPart {
  private static final Logger LOG = LoggerFactory.getLogger(ConsolePart.class);

  /** The loggers that tell of runs, of every epoch among them. */
  private static final String RUNS = "io.penstock.launch.job";

  /** Milliseconds between two ticks, less than the 500 for which Spark's bar stays away. */
  private static final int PERIOD_MILLIS = 250;

  /** How long the end of the application waits for the last events, and for a tick. */
  private static final int PATIENCE_SECONDS = 10;

  private SparkContext context;
  private ScheduledExecutorService ticker;
  private Console console;

  @Override
  public void start(SparkContext context, PluginContext plugin) {
    ConsoleMode mode = ConsoleMode.of(context.getConf());
    if (mode == ConsoleMode.OFF) {
      return;
    }
    this.context = context;
    LiveRuns runs = new LiveRuns();
    boolean drawn = mode == ConsoleMode.LINE || mode == ConsoleMode.AUTO && Terminal.isThere();
    long pause = Settings.CONSOLE_INTERVAL.in(context.getConf());
    console = drawn ? line(context, runs) : new ConsoleLog(runs, pause, LOG::info);
    context.addSparkListener(runs);
    ticker =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "penstock-console");
              thread.setDaemon(true);
              return thread;
            });
    ticker.scheduleWithFixedDelay(this::tick, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
  }

  private static Console line(SparkContext context, LiveRuns runs) {
    return new ConsoleLine(
        runs,
        new StatusLine(System.err),
        Terminal.columns(System.getenv("COLUMNS")),
        () -> OptionConverters.toJava(context.progressBar()).ifPresent(bar -> bar.finishAll()),
        LoggerFactory.getLogger(RUNS)::isInfoEnabled);
  }

  private void tick() {
    try {
      console.tick(System.currentTimeMillis());
    } catch (RuntimeException cause) {
      LOG.warn("The console shows no progress any more; runs go on", cause);
      throw cause; // which ends the ticking
    }
  }

  @Override
  public void close() {
    if (ticker == null) {
      return;
    }
    ticker.shutdown();
    try {
      awaitEvents();
      // Longer than a tick takes, unless the terminal is held up: then it stays as it is.
      if (ticker.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        console.tick(System.currentTimeMillis());
        console.close();
      }
    } catch (InterruptedException cause) {
      Thread.currentThread().interrupt();
    }
  }

  /** Spark closes its plugins before its bus has told all, which may be how a run ended. */
  private void awaitEvents() {
    try {
      context.listenerBus().waitUntilEmpty(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
    } catch (TimeoutException late) {
      LOG.debug("A run's end may not be shown", late);
    }
  }
}
