package io.penstock.ui.tab;

import io.penstock.Internal;
import io.penstock.conf.Settings;
import io.penstock.launch.plugin.DriverPart;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.status.ElementTrackingStore;

/**
 * Puts the tab "Pipeline" into a live application's UI, where it has one. For the thread that sets
 * up Spark's context.
 */
@Internal
public final class PipelinePart implements DriverPart {
  @Override
  public void start(SparkContext context, PluginContext plugin) {
    if (context.ui().isDefined() && Settings.UI_ENABLED.in(context.getConf())) {
      ElementTrackingStore store = (ElementTrackingStore) context.statusStore().store();
      context.listenerBus().addToStatusQueue(new RunListener(context.getConf(), store, true));
      new PipelineTab(context.ui().get(), new RunStates(store), true).attach();
    }
  }
}
