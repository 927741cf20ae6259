package io.penstock.conf;

import io.penstock.ml.PipelineParallelClassifier;
import io.penstock.ml.PipelineParallelRegressor;
import io.penstock.ml.PipelineParallelSequenceLearner;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
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
    Map<String, String> rows = new TreeMap<>();
    Map<String, String> whose = new TreeMap<>();
    ESTIMATORS.forEach(
        (letter, estimator) -> {
          for (Param<?> param : estimator.params()) {
            whose.merge(param.name(), letter, String::concat);
            rows.putIfAbsent(
                param.name(), "%s | %s".formatted(usual(estimator, param), cell(param.doc())));
          }
        });
    StringBuilder table = new StringBuilder("| param | of | default | |\n|---|---|---|---|\n");
    rows.forEach(
        (name, row) -> table.append("| `%s` | %s | %s |\n".formatted(name, whose.get(name), row)));
    return table.toString();
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
