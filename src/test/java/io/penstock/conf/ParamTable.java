package io.penstock.conf;

import io.penstock.ml.PipelineParallelClassifier;
import io.penstock.ml.PipelineParallelRegressor;
import io.penstock.ml.PipelineParallelSequenceLearner;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;

/** The params of all estimators as a table in Markdown, by name, as the estimators tell them. */
final class ParamTable {
  private static final Map<String, Params> ESTIMATORS = new LinkedHashMap<>();

  static {
    ESTIMATORS.put("C", new PipelineParallelClassifier());
    ESTIMATORS.put("R", new PipelineParallelRegressor());
    ESTIMATORS.put("S", new PipelineParallelSequenceLearner());
  }

  private ParamTable() {}

  /** The table; a letter stands for each estimator that has a param. */
  static String markdown() {
    Map<String, Map<String, String>> meanings = new TreeMap<>();
    Map<String, Map<String, String>> defaults = new TreeMap<>();
    ESTIMATORS.forEach(
        (letter, estimator) -> {
          for (Param<?> param : estimator.params()) {
            of(meanings, param).merge(cell(param.doc()), letter, String::concat);
            of(defaults, param).merge(usual(estimator, param), letter, String::concat);
          }
        });
    StringBuilder table = new StringBuilder("| param | of | default | |\n|---|---|---|---|\n");
    meanings.forEach(
        (name, meaning) ->
            table.append(
                "| `%s` | %s | %s | %s |\n"
                    .formatted(
                        name,
                        String.join("", meaning.values()),
                        each(defaults.get(name), " ", ", "),
                        each(meaning, ": ", " "))));
    return table.toString();
  }

  private static Map<String, String> of(Map<String, Map<String, String>> all, Param<?> param) {
    return all.computeIfAbsent(param.name(), name -> new LinkedHashMap<>());
  }

  /** What all say, or where estimators differ what each says, behind its letter. */
  private static String each(Map<String, String> whose, String after, String between) {
    if (whose.size() == 1) {
      return whose.keySet().iterator().next();
    }
    return whose.entrySet().stream()
        .map(one -> one.getValue() + after + (one.getKey().isEmpty() ? "none" : one.getKey()))
        .collect(Collectors.joining(between));
  }

  private static String usual(Params estimator, Param<?> param) {
    return estimator.hasDefault(param)
        ? "`" + cell(String.valueOf(estimator.getDefault(param).get())) + "`"
        : "";
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace("\n", " ");
  }
}
