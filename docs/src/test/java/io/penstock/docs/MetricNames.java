package io.penstock.docs;

import io.penstock.testing.Page;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Names of metrics in backticks, of ranks ({@code rank0.steps}) and of runs ({@code run.loss}).
 *
 * @param words with which names end that the plugin registers
 */
record MetricNames(Set<String> words) {
  private static final Pattern METRIC =
      Pattern.compile("(?:rank\\d+(?:\\.stage\\d+)?|runs?)\\.([A-Za-z]+)");

  private static final Pattern REGISTERED = Pattern.compile("\"(?:[a-z]*\\.)?([A-Za-z]+)\"");

  /** The words that stand in the sources which register metrics. */
  static MetricNames of(Sources sources) {
    return new MetricNames(
        sources.types().values().stream()
            .flatMap(List::stream)
            .filter(type -> type.file().toString().contains("/src/main/"))
            .filter(type -> type.text().contains("import com.codahale.metrics.MetricRegistry;"))
            .flatMap(type -> REGISTERED.matcher(type.text()).results())
            .map(word -> word.group(1))
            .collect(Collectors.toUnmodifiableSet()));
  }

  /** Tells what is wrong with a text in backticks, if it is a metric's name. */
  List<String> complaints(Page.Span span) {
    Matcher metric = METRIC.matcher(span.text());
    return metric.matches() && !words.contains(metric.group(1))
        ? List.of(span.complaint("no metric is registered as '" + span.text() + "'"))
        : List.of();
  }
}
