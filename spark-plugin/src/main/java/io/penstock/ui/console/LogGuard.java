package io.penstock.ui.console;

import java.util.List;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.ConsoleAppender;
import org.apache.logging.log4j.core.filter.AbstractFilter;

/**
 * Clears a status line before Spark's logging, Log4j, writes to the console. It denies nothing.
 * Log4j's appenders hold standard error as it was when they were made, so a {@link GuardedStream}
 * does not see what they write.
 */
final class LogGuard extends AbstractFilter implements AutoCloseable {
  private final StatusLine line;
  private final List<ConsoleAppender> appenders;

  /** Starts. Where Log4j is not what logs, it does nothing. */
  LogGuard(StatusLine line) {
    this.line = line;
    this.appenders =
        LogManager.getContext(false) instanceof LoggerContext context
            ? context.getConfiguration().getAppenders().values().stream()
                .filter(ConsoleAppender.class::isInstance)
                .map(ConsoleAppender.class::cast)
                .toList()
            : List.of();
    appenders.forEach(appender -> appender.addFilter(this));
  }

  @Override
  public Result filter(LogEvent event) {
    line.giveWay();
    return Result.NEUTRAL;
  }

  @Override
  public void close() {
    appenders.forEach(appender -> appender.removeFilter(this));
  }
}
