package io.penstock.docs;

import io.penstock.ml.PipelineParallelClassifier;
import io.penstock.ml.PipelineParallelRegressor;
import io.penstock.ml.PipelineParallelSequenceLearner;
import io.penstock.schedule.generate.Schedules;
import io.penstock.testing.Page;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.text.similarity.LevenshteinDistance;
import org.apache.spark.ml.param.Param;

/**
 * Words that pages write in one way: what is nearly such a word, and none, is misspelt.
 *
 * @param kind what the words name
 * @param shape of a word that may be meant as one
 * @param slips letters, at most, by which a misspelt word differs; those in the other case besides
 */
record Spelling(String kind, Set<String> words, Pattern shape, int slips) {
  /** The estimators' parameters. */
  static Spelling ofParams() {
    Set<String> names = new TreeSet<>();
    Stream.of(
            new PipelineParallelClassifier(),
            new PipelineParallelRegressor(),
            new PipelineParallelSequenceLearner())
        .flatMap(estimator -> Stream.of(estimator.params()))
        .map(Param::name)
        .forEach(names::add);
    Pattern camelCase = Pattern.compile("(?<![\\w./-])[a-z]+(?:[A-Z][a-z]*)+(?![\\w./(-])");
    return new Spelling("parameter", names, camelCase, 2);
  }

  /** The schedules' ids. */
  static Spelling ofSchedules() {
    Pattern id = Pattern.compile("(?<![\\w./-])[a-z0-9]+(?:-[a-z0-9]+)*(?![\\w./(-])");
    return new Spelling("schedule", new TreeSet<>(Schedules.ids()), id, 1);
  }

  /** Tells which words in a text are misspelt. */
  List<String> complaints(Page.Span span) {
    Matcher word = shape.matcher(span.text());
    return word.results()
        .map(found -> found.group())
        .distinct()
        .filter(found -> !words.contains(found))
        .flatMap(
            found ->
                words.stream()
                    .filter(meant -> isNear(found, meant))
                    .limit(1)
                    .map(
                        meant ->
                            span.complaint(
                                "no " + kind + " is called '" + found + "', but " + meant)))
        .toList();
  }

  private boolean isNear(String word, String other) {
    return new LevenshteinDistance(slips)
            .apply(word.toLowerCase(Locale.ROOT), other.toLowerCase(Locale.ROOT))
        >= 0;
  }
}
