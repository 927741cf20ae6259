package io.penstock.ui.tab;

import io.penstock.launch.Setting;
import io.penstock.launch.plugin.DriverPart;
import io.penstock.ui.console.ConsoleMode;
import io.penstock.ui.console.ConsolePart;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.status.ElementTrackingStore;

/** Puts the tab "Pipeline" into a live application's UI, where it has one. */
public final class PipelinePart implements DriverPart {
  /** Whether there is a tab. */
  static final String ENABLED = "spark.penstock.ui.enabled";

  /** The settings of what shows runs, as they are documented. */
  public static final List<Setting> SETTINGS =
      List.of(
          new Setting(ENABLED, "true", "Whether Spark's UI has the tab Pipeline."),
          new Setting(
              RunListener.RETAINED,
              Integer.toString(RunListener.RETAINED_DEFAULT),
              "How many runs the tab keeps; the oldest that are over go first."),
          new Setting(
              ConsoleMode.SETTING,
              "auto",
              "How the driver's console tells how far a run is: line, which is drawn anew; log, lines"
                  + " in the log at level INFO; off; or auto, which is line where standard error is a"
                  + " terminal, else log."),
          new Setting(
              ConsolePart.INTERVAL,
              ConsolePart.INTERVAL_DEFAULT,
              "The time between two such lines in the log."));

  static boolean isEnabled(SparkConf conf) {
    return conf.getBoolean(ENABLED, true);
  }

  @Override
  public void start(SparkContext context, PluginContext plugin) {
    if (context.ui().isDefined() && isEnabled(context.getConf())) {
      ElementTrackingStore store = (ElementTrackingStore) context.statusStore().store();
      context.listenerBus().addToStatusQueue(new RunListener(context.getConf(), store, true));
      new PipelineTab(context.ui().get(), new RunStates(store), true).attach();
    }
  }
}
