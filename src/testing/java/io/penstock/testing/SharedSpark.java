package io.penstock.testing;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListenerInterface;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.extension.ExtensionContext.Store.CloseableResource;
import scala.Option;
import scala.Tuple2;

/** A Spark context, and the session of the one class that has it now. */
final class SharedSpark implements CloseableResource {
  /** Listeners have so long to hear the last events; Spark itself gives them 10 seconds. */
  private static final long LONG_MILLIS = 300_000;

  private final SparkDemands demands;
  private final SparkSession root;
  private final SparkContext context;
  private final Set<SparkListenerInterface> listeners;
  private final Map<String, String> settings;
  private SparkSession session;

  SharedSpark(SparkDemands demands) {
    this.demands = demands;
    this.root = demands.builder().getOrCreate();
    this.context = root.sparkContext();
    if (!context.master().equals(demands.master())) {
      throw new IllegalStateException(
          "a class without @LocalSpark has left its session, of "
              + context.master()
              + ", running; stop it after its tests");
    }
    root.newSession(); // makes what all sessions share, which adds listeners and settings
    this.listeners = new HashSet<>(context.listenerBus().listeners());
    this.settings = settings();
  }

  boolean meets(SparkDemands wanted) {
    return demands.equals(wanted) && !context.isStopped();
  }

  /** Makes the session of a class, which is also the one that code without one finds. */
  void begin() {
    session = root.newSession();
    SparkSession.setDefaultSession(session);
    SparkSession.setActiveSession(session);
  }

  SparkSession session() {
    return session;
  }

  /**
   * Takes away all that a class has left.
   *
   * @throws IllegalStateException where it has ended the context or changed its settings; it is no
   *     longer shared then
   */
  void end() throws Exception {
    if (context.isStopped()) {
      throw new IllegalStateException(
          "the class has stopped the Spark context that others share; let it start its own");
    }
    context.cancelAllJobs();
    for (var query : session.streams().active()) {
      query.stop();
    }
    session.catalog().clearCache();
    JavaSparkContext.fromSparkContext(context)
        .getPersistentRDDs()
        .values()
        .forEach(rdd -> rdd.unpersist());
    context.checkpointDir_$eq(Option.empty());
    context.setLocalProperties(new Properties());
    context.listenerBus().waitUntilEmpty(LONG_MILLIS);
    for (SparkListenerInterface listener : Set.copyOf(context.listenerBus().listeners())) {
      if (!listeners.contains(listener)) {
        context.removeSparkListener(listener);
      }
    }
    Map<String, String> now = settings();
    if (!now.equals(settings)) {
      close();
      throw new IllegalStateException(
          "the class has changed settings of the Spark context that others share, from "
              + settings
              + " to "
              + now
              + "; set them on its session, or demand them with @LocalSpark(settings = ...)");
    }
  }

  private Map<String, String> settings() {
    return Arrays.stream(context.conf().getAll())
        .collect(Collectors.toMap(Tuple2::_1, Tuple2::_2, (one, same) -> one, TreeMap::new));
  }

  @Override
  public void close() {
    SparkSession.clearActiveSession();
    SparkSession.clearDefaultSession();
    root.stop();
  }
}
