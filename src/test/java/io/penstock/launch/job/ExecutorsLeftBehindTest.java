package io.penstock.launch.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import scala.Tuple2;

/** Runs leave nothing on executors, however they end. */
@Timeout(300)
@Tag("slow")
class ExecutorsLeftBehindTest {
  /** Ways to end, with validation and without, each once. */
  private static final int ONCE_EACH = 8;

  private static final int RUNS = 10;

  @TempDir Path directory;

  @Test
  void mixedRunsLeaveNothingOnExecutors() throws Exception {
    Path checkpoints = Files.createDirectory(directory.resolve("checkpoints"));
    SparkSession spark = Executors.of(2, 1).config("spark.task.maxFailures", "1").getOrCreate();
    try {
      MixedRuns runs = new MixedRuns(spark, 2, directory, checkpoints);
      runs.run(ONCE_EACH);
      JavaSparkContext context = new JavaSparkContext(spark.sparkContext());
      Map<Long, Map<String, Long>> before = onExecutors(context, Map.of());
      runs.run(RUNS);
      assertEquals(before.keySet(), onExecutors(context, before).keySet());
    } finally {
      spark.stop();
    }
  }

  /** By process, what there is; where it is known what there was, once there is no more. */
  private static Map<Long, Map<String, Long>> onExecutors(
      JavaSparkContext context, Map<Long, Map<String, Long>> before) {
    Map<Long, Map<String, Long>> all = new TreeMap<>();
    Set<Long> processes = new HashSet<>();
    while (processes.size() < 2) { // tasks of a millisecond may run on one
      for (Tuple2<Long, TreeMap<String, Long>> one :
          context
              .parallelize(List.of(0, 1), 2)
              .map(partition -> new Tuple2<>(ProcessHandle.current().pid(), residue(before)))
              .collect()) {
        processes.add(one._1());
        all.put(one._1(), one._2());
      }
    }
    return all;
  }

  private static TreeMap<String, Long> residue(Map<Long, Map<String, Long>> before)
      throws Exception {
    Map<String, Long> own = before.get(ProcessHandle.current().pid());
    if (own != null) {
      Residue.awaitNoMoreThan(own, Residue::ofProcess);
    }
    return new TreeMap<>(Residue.settled(Residue::ofProcess));
  }
}
