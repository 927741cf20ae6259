package io.penstock.launch.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.penstock.launch.job.SmallRun;
import io.penstock.launch.job.StandaloneCluster;
import io.penstock.launch.job.Witness;
import io.penstock.nn.update.Updater;
import java.nio.file.Path;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Where every task of the application takes a GPU: {@code spark.task.resource.gpu.amount=1}. */
@Timeout(180)
@Tag("slow")
class GpuTaskAmountTest {
  @Test
  void everyStageHasTheGpuOfItsOwnExecutor(@TempDir Path directory) throws Exception {
    try (StandaloneCluster cluster = StandaloneCluster.withGpus(directory, 4, 2);
        SparkSession spark =
            cluster
                .session()
                .config(GpuOffer.TASK_AMOUNT, "1")
                .config("spark.task.cpus", "2")
                .getOrCreate()) {
      Dataset<Row> data = SmallRun.rows(spark);
      SmallRun.run(data, SmallRun.plan(2, 1, Updater.of(new Witness(directory))));
      String[] first = Witness.of(directory, 0);
      String[] second = Witness.of(directory, 1);
      assertEquals(Set.of("0", "1"), Set.of(first[1], second[1]), "addresses");
      assertNotEquals(first[0], second[0], "executors");
      assertEquals(new GpuOffer(1, 1, true), ClusterOffer.of(spark.sparkContext()).gpus());
    }
  }
}
