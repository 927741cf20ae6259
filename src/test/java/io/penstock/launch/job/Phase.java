package io.penstock.launch.job;

import io.penstock.launch.cluster.DeviceDemand;
import io.penstock.launch.cluster.GpuUse;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.train.TrainingPlan;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;

/** A phase of a run, in which it waits at a gate for as long as nobody opens it or ends the run. */
enum Phase {
  /** Jobs of the rows' own query, which adaptive execution runs first. */
  QUERY {
    @Override
    Object run(SparkSession spark, Gate gate, Path directory) {
      return SmallRun.run(gated(spark, gate).repartition(2), SmallRun.plan(3));
    }
  },
  PACKING {
    @Override
    Object run(SparkSession spark, Gate gate, Path directory) {
      return SmallRun.run(gated(spark, gate), SmallRun.plan(3));
    }
  },
  MEETING {
    @Override
    Object run(SparkSession spark, Gate gate, Path directory) {
      MeetingGate.put(gate);
      return SmallRun.run(SmallRun.rows(spark), SmallRun.plan(3));
    }

    @Override
    void awaitReached(BackgroundRun run, Gate gate) throws Exception {
      run.awaitReached(gate);
      awaitFrame("io.penstock.launch.job.RankTask", "meet");
    }
  },
  /** One rank computes, the others wait for what it sends. */
  STEP {
    @Override
    Object run(SparkSession spark, Gate gate, Path directory) {
      return SmallRun.run(SmallRun.rows(spark), plan(gate, 1, 1));
    }

    @Override
    void awaitReached(BackgroundRun run, Gate gate) throws Exception {
      run.awaitReached(gate);
      awaitFrame("io.penstock.link.Inbox", "await");
    }
  },
  VALIDATION {
    @Override
    Object run(SparkSession spark, Gate gate, Path directory) {
      // The first rank's last update of an epoch: the others go on to validate.
      return ValidatedTrainingTest.run(
          ValidatedTrainingTest.held(SmallRun.rows(spark)), plan(gate, 0, 2));
    }

    @Override
    void awaitReached(BackgroundRun run, Gate gate) throws Exception {
      run.awaitReached(gate);
      awaitFrame("io.penstock.train.ValidationPass", "run");
    }
  },
  /** A checkpoint on a slow file system. */
  CHECKPOINT {
    @Override
    Object run(SparkSession spark, Gate gate, Path directory) {
      SlowDisk.mount(spark.sparkContext().hadoopConfiguration(), gate);
      Checkpoints wanted = new Checkpoints(SlowDisk.under(directory), 1, false, model -> {});
      return CheckpointsTest.run(SmallRun.rows(spark), SmallRun.plan(3), wanted);
    }
  },
  PROFILE {
    @Override
    Object run(SparkSession spark, Gate gate, Path directory) {
      return ProfileJob.run(
          spark.sparkContext(),
          Sequential.perceptron(4, 8, 6, 3),
          updater(gate, 1, 0),
          2,
          List.of(4, 16),
          DeviceDemand.of(GpuUse.AUTO));
    }
  };

  /** Runs until somebody ends it. */
  abstract Object run(SparkSession spark, Gate gate, Path directory);

  /** Waits until it is in this phase. */
  void awaitReached(BackgroundRun run, Gate gate) throws Exception {
    run.awaitReached(gate);
  }

  private static Dataset<Row> gated(SparkSession spark, Gate gate) {
    UDF1<Double, Double> pass =
        value -> {
          gate.pass();
          return value;
        };
    spark.udf().register("gated", pass, DataTypes.DoubleType);
    return SmallRun.rows(spark).selectExpr("gated(a) a", "b", "c", "d", "label");
  }

  static Updater updater(Gate gate, int rank, int steps) {
    return Updater.of(new GatedUpdater(gate, SmallRun.PARAMETERS.get(rank), steps));
  }

  static TrainingPlan plan(Gate gate, int rank, int steps) {
    return SmallRun.plan(3, 2, updater(gate, rank, steps));
  }

  /** Waits until a thread of this JVM is in a method. */
  private static void awaitFrame(String type, String method) throws InterruptedException {
    while (Thread.getAllStackTraces().values().stream()
        .flatMap(Arrays::stream)
        .noneMatch(
            frame -> frame.getClassName().equals(type) && frame.getMethodName().equals(method))) {
      Thread.sleep(10);
    }
  }
}
