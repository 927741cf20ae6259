package io.penstock.schedule.draw;

import io.penstock.schedule.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Timeline as trace events in JSON, for {@code chrome://tracing} and Perfetto: a trace thread a
 * rank, one complete event an action, times in microseconds. Stateless; any thread may call. See
 * the <i>Trace Event Format</i> of the Chromium project.
 */
public final class ChromeTrace {
  private ChromeTrace() {}

  /**
   * Returns the trace.
   *
   * @param timeline in {@code s}, {@code ms}, {@code us} or {@code ns}; a unit of time without a
   *     name is shown as a millisecond
   * @throws IllegalArgumentException for another unit
   */
  public static String json(Timeline timeline) {
    double micros = micros(timeline.unit());
    double origin = timeline.start();
    List<String> events = new ArrayList<>();
    events.add(metadata("process_name", 0, timeline.title()));
    for (int rank = 0; rank < timeline.rows().size(); rank++) {
      events.add(metadata("thread_name", rank, "rank " + rank));
      for (Span span : timeline.rows().get(rank)) {
        events.add(
            String.format(
                Locale.ROOT,
                "{\"ph\":\"X\",\"pid\":0,\"tid\":%d,\"name\":%s,\"cat\":%s,\"ts\":%.3f,"
                    + "\"dur\":%.3f,\"args\":{\"stage\":%d,\"microBatch\":%d}}",
                rank,
                Markup.json(span.action().toString()),
                Markup.json(ActionStyle.of(span.action().kind()).words),
                (span.start() - origin) * micros,
                span.duration() * micros,
                span.action().stage(),
                span.action().microBatch()));
      }
    }
    return "{\"displayTimeUnit\":\"ms\",\"traceEvents\":[\n"
        + String.join(",\n", events)
        + "\n]}\n";
  }

  private static String metadata(String what, int rank, String name) {
    return String.format(
        Locale.ROOT,
        "{\"ph\":\"M\",\"pid\":0,\"tid\":%s,\"name\":%s,\"args\":{\"name\":%s}}",
        rank,
        Markup.json(what),
        Markup.json(name));
  }

  private static double micros(String unit) {
    return switch (unit) {
      case "s" -> 1e6;
      case "", "ms" -> 1e3;
      case "us" -> 1;
      case "ns" -> 1e-3;
      default ->
          throw new IllegalArgumentException(
              String.format(
                  Locale.ROOT,
                  "a trace in '%s': it takes times in s, ms, us, ns or without a unit",
                  unit));
    };
  }
}
