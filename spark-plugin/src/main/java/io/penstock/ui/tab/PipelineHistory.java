package io.penstock.ui.tab;

import io.penstock.Internal;
import io.penstock.conf.Settings;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.status.AppHistoryServerPlugin;
import org.apache.spark.status.ElementTrackingStore;
import org.apache.spark.ui.SparkUI;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Puts the tab "Pipeline" into the history server's pages of applications that had runs. Stateless;
 * called by the threads of the history server.
 */
@Internal
public final class PipelineHistory implements AppHistoryServerPlugin {
  private static final Logger LOG = LoggerFactory.getLogger(PipelineHistory.class);

  /** Order behind Spark's own plugins. */
  private static final int ORDER = 1000;

  @Override
  public Seq<SparkListener> createListeners(SparkConf conf, ElementTrackingStore store) {
    return CollectionConverters.asScala(listeners(conf, store)).toSeq();
  }

  /** None where a setting is wrong: the history server shows all other pages. */
  private static List<SparkListener> listeners(SparkConf conf, ElementTrackingStore store) {
    try {
      return Settings.UI_ENABLED.in(conf)
          ? List.of(new RunListener(conf, store, false))
          : List.of();
    } catch (IllegalArgumentException wrong) {
      LOG.warn("The history server shows no tab Pipeline: {}", wrong.getMessage());
      return List.of();
    }
  }

  @Override
  public void setupUI(SparkUI ui) {
    RunStates runs = new RunStates(ui.store().store());
    // Without a listener, as createListeners has it, there are no runs.
    if (!runs.newestFirst().isEmpty()) {
      new PipelineTab(ui, runs, false).attach();
    }
  }

  @Override
  public int displayOrder() {
    return ORDER;
  }
}
