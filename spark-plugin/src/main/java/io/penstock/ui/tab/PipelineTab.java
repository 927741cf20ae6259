package io.penstock.ui.tab;

import io.penstock.ui.RunState;
import java.util.function.Function;
import org.apache.spark.ui.JettyUtils;
import org.apache.spark.ui.SparkUI;
import org.apache.spark.ui.SparkUITab;
import scala.Function1;

/**
 * The tab "Pipeline" and what is served below it: the runs, a run by its {@code id}, both as JSON
 * too, a style sheet and a script. All go through Spark's own handlers, which add its filters, its
 * view ACLs and its headers.
 */
final class PipelineTab extends SparkUITab {
  private static final String PREFIX = "Pipeline";
  private static final String HTML = "text/html";
  private static final String JSON = "application/json";

  private final SparkUI ui;
  private final RunStates runs;
  private final boolean live;

  /**
   * @param live whether the application goes on
   */
  PipelineTab(SparkUI ui, RunStates runs, boolean live) {
    super(ui, PREFIX);
    this.ui = ui;
    this.runs = runs;
    this.live = live;
  }

  /** Adds the tab to its UI. */
  void attach() {
    ui.attachTab(this);
    serve("", HTML, new RunsPage(this, runs)::render);
    serve("/json", JSON, call -> RunJson.of(runs.newestFirst()));
    serve("/run", HTML, new RunPage(this, runs)::render);
    serve("/run/json", JSON, call -> RunJson.of(run(call)));
    serve("/pipeline.css", "text/css", call -> Asset.text("pipeline.css"));
    serve("/pipeline.js", "text/javascript", call -> Asset.text("pipeline.js"));
  }

  /** Returns the run that a request asks for. */
  RunState run(PageRequest call) {
    String id = call.parameter("id");
    return runs.find(id)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "There is no run '"
                        + id
                        + "' here: of many, only the newest are kept"
                        + " (spark.penstock.ui.retainedRuns)"));
  }

  /** Returns whether the application goes on, so that there is more to come. */
  boolean isLive() {
    return live;
  }

  /** Raw types: what a call is, differs between Spark's versions. See {@link PageRequest}. */
  @SuppressWarnings({"unchecked", "rawtypes"})
  private void serve(String path, String type, Function<PageRequest, String> answer) {
    Function1 responder =
        new scala.runtime.AbstractFunction1<Object, String>() {
          @Override
          public String apply(Object request) {
            return answer.apply(new PageRequest(request, PipelineTab.this));
          }
        };
    Function1 asItIs =
        new scala.runtime.AbstractFunction1<String, String>() {
          @Override
          public String apply(String text) {
            return text;
          }
        };
    ui.attachHandler(
        JettyUtils.createServletHandler(
            "/" + PREFIX + path,
            new JettyUtils.ServletParams(responder, type, asItIs),
            ui.conf(),
            ui.basePath()));
  }
}
