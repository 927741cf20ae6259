package io.penstock.launch.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.conf.Settings;
import io.penstock.event.RankPlace;
import io.penstock.event.RanksReady;
import io.penstock.launch.job.Checkpoints;
import io.penstock.launch.job.CheckpointsTest;
import io.penstock.launch.job.Executors;
import io.penstock.launch.job.ListeningSockets;
import io.penstock.launch.job.SmallRun;
import io.penstock.launch.job.StandaloneCluster;
import io.penstock.nn.update.Updater;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.spark.SparkConf;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Ranks listen where Spark does, and nowhere else. */
@Timeout(240)
@Tag("slow")
class LinkHostsTest {
  private static final String EXECUTOR =
      "org.apache.spark.executor.CoarseGrainedExecutorBackend --driver-url spark://d:1"
          + " --executor-id 0 --hostname shown --cores 1";

  @TempDir Path directory;

  private static SparkConf conf(String... pairs) {
    SparkConf conf = new SparkConf(false);
    for (int i = 0; i < pairs.length; i += 2) {
      conf.set(pairs[i], pairs[i + 1]);
    }
    return conf;
  }

  @Test
  void anExecutorListensOnWhatItAdvertisesUnlessItWasGivenAnAddress() {
    SparkConf drivers = conf("spark.driver.bindAddress", "10.0.0.9");
    assertEquals(new LinkHosts("shown", "shown"), LinkHosts.of(drivers, false, "shown", EXECUTOR));
    assertEquals(
        new LinkHosts("10.0.0.7", "shown"),
        LinkHosts.of(drivers, false, "shown", EXECUTOR + " --bind-address 10.0.0.7"));
    assertEquals(
        new LinkHosts("shown", "shown"), LinkHosts.of(conf(), false, "shown", "launcher.jar"));
  }

  @Test
  void inLocalModeStagesListenWhereTheDriverDoes() {
    assertEquals(
        new LinkHosts("10.0.0.9", "shown"),
        LinkHosts.of(conf("spark.driver.bindAddress", "10.0.0.9"), true, "shown", "Main"));
    assertEquals(new LinkHosts("shown", "shown"), LinkHosts.of(conf(), true, "shown", "Main"));
  }

  @Test
  void settingsOfLinksWin() {
    SparkConf own =
        conf(
            Settings.LINK_BIND_ADDRESS.key(),
            "0.0.0.0",
            Settings.LINK_HOST.key(),
            "node-1.cluster");
    assertEquals(
        new LinkHosts("0.0.0.0", "node-1.cluster"),
        LinkHosts.of(own, false, "shown", EXECUTOR + " --bind-address 10.0.0.7"));
  }

  @Test
  void executorsListenOnTheAddressOfTheirWorkerOnly() throws Exception {
    assumeTrue(ListeningSockets.canBeTold(), "told by Linux");
    try (StandaloneCluster cluster = new StandaloneCluster("127.0.0.2", directory, 2)) {
      SparkSession spark =
          Executors.of(2, 1)
              .master(cluster.master())
              .config("spark.executor.cores", "1")
              .config("spark.cores.max", "2")
              .getOrCreate();
      Map<Long, Set<String>> sockets = socketsDuringARun(spark);
      assertEquals(2, sockets.size());
      sockets.forEach(
          (pid, listening) -> {
            assertTrue(listening.size() >= 2, "Spark's own and the link's: " + listening);
            assertTrue(
                listening.stream().allMatch(one -> one.startsWith("127.0.0.2:")),
                listening.toString());
          });
    }
  }

  @Test
  void inLocalModeTheDriversAddressHolds() throws Exception {
    assumeTrue(ListeningSockets.canBeTold(), "told by Linux");
    long here = ProcessHandle.current().pid();
    Set<String> before = ListeningSockets.of(here);
    SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.bindAddress", "127.0.0.2")
            .config("spark.driver.host", "127.0.0.2")
            .config(Settings.NETWORK_ONLY.key(), "true")
            .config("spark.sql.shuffle.partitions", "2")
            .getOrCreate();
    Set<String> during = new HashSet<>(socketsDuringARun(spark).get(here));
    during.removeAll(before);
    assertTrue(during.size() >= 2, during.toString());
    assertTrue(during.stream().allMatch(one -> one.startsWith("127.0.0.2:")), during.toString());
  }

  /** Where the processes of the ranks listen while they train, by process. Ends the session. */
  private Map<Long, Set<String>> socketsDuringARun(SparkSession spark) {
    try {
      CompletableFuture<RanksReady> ready = new CompletableFuture<>();
      spark
          .sparkContext()
          .addSparkListener(
              new SparkListener() {
                @Override
                public void onOtherEvent(SparkListenerEvent event) {
                  if (event instanceof RanksReady now) {
                    ready.complete(now);
                  }
                }
              });
      Map<Long, Set<String>> found = new HashMap<>();
      Dataset<Row> data = SmallRun.rows(spark);
      // The first rank waits at the second checkpoint until the first is complete, and the other
      // for what that rank sends in the third epoch.
      Checkpoints look =
          new Checkpoints(
              directory.resolve("checkpoints").toUri().toString(),
              1,
              false,
              model -> {
                for (RankPlace place : ready.join().places()) {
                  if (model.contains("step-000003-")) {
                    found.put(place.pid(), ListeningSockets.of(place.pid()));
                  }
                }
              });
      CheckpointsTest.run(data, SmallRun.plan(2, 4, Updater.adam(0.01)), look);
      return found;
    } finally {
      spark.stop();
    }
  }
}
