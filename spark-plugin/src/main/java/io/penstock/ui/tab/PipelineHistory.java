package io.penstock.ui.tab;

import io.penstock.Internal;
import io.penstock.conf.Settings;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.status.AppHistoryServerPlugin;
import org.apache.spark.status.ElementTrackingStore;
import org.apache.spark.ui.SparkUI;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Puts the tab "Pipeline" into the history server's pages of applications that had runs. Stateless;
 * called by the threads of the history server.
 */
@Internal
public final class PipelineHistory implements AppHistoryServerPlugin {
  /** Order behind Spark's own plugins. */
  private static final int ORDER = 1000;

  @Override
  public Seq<SparkListener> createListeners(SparkConf conf, ElementTrackingStore store) {
    List<SparkListener> listeners =
        Settings.UI_ENABLED.in(conf) ? List.of(new RunListener(conf, store, false)) : List.of();
    return CollectionConverters.asScala(listeners).toSeq();
  }

  @Override
  public void setupUI(SparkUI ui) {
    RunStates runs = new RunStates(ui.store().store());
    if (Settings.UI_ENABLED.in(ui.conf()) && !runs.newestFirst().isEmpty()) {
      new PipelineTab(ui, runs, false).attach();
    }
  }

  @Override
  public int displayOrder() {
    return ORDER;
  }
}
