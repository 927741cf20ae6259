package io.penstock.conf;

import io.penstock.ml.PipelineParallelClassifier;
import io.penstock.ml.PipelineParallelRegressor;
import io.penstock.ml.PipelineParallelSequenceLearner;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;

/** The parts of conf/README.md that are made of the code. */
final class ConfReadme {
  private static final Map<String, Params> ESTIMATORS = new LinkedHashMap<>();

  static {
    ESTIMATORS.put("C", new PipelineParallelClassifier());
    ESTIMATORS.put("R", new PipelineParallelRegressor());
    ESTIMATORS.put("S", new PipelineParallelSequenceLearner());
  }

  private ConfReadme() {}

  /** The text with its generated parts made anew. */
  static String current(String text) {
    return replace(replace(text, "settings", settings()), "params", params());
  }

  private static String replace(String text, String part, String made) {
    String start = "<!-- " + part + ": generated; do not edit -->\n";
    String end = "<!-- end of " + part + " -->";
    int from = text.indexOf(start) + start.length();
    int to = text.indexOf(end);
    if (from < start.length() || to < from) {
      throw new IllegalStateException("conf/README.md has lost the marks around its " + part);
    }
    return text.substring(0, from) + made + text.substring(to);
  }

  private static String settings() {
    StringBuilder table = new StringBuilder("| setting | unless set | |\n|---|---|---|\n");
    for (Setting<?> setting : Settings.all()) {
      table.append(
          "| `%s` | %s | %s |\n".formatted(setting.key(), setting.usual(), setting.meaning()));
    }
    return table.toString();
  }

  private static String params() {
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
