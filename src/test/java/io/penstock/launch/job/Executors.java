package io.penstock.launch.job;

import io.penstock.array.Poison;
import io.penstock.conf.Settings;
import java.io.File;
import org.apache.commons.io.FileUtils;
import org.apache.spark.sql.SparkSession;

/**
 * Sessions whose executors are processes of their own, without a Spark installation. The folders
 * that Spark's workers make for them beside the tests are deleted at the end of the JVM, unless
 * {@code -Dpenstock.keepWork} is given.
 */
public final class Executors {
  /** As little of the machine as goes; who reads memory that was given back reads NaN. */
  public static final String JAVA_OPTIONS =
      "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -D"
          + Poison.PROPERTY
          + "="
          + System.getProperty(Poison.PROPERTY);

  static {
    if (System.getProperty("penstock.keepWork") == null) {
      Runtime.getRuntime().addShutdownHook(new Thread(Executors::deleteWork));
    }
  }

  private Executors() {}

  private static void deleteWork() {
    FileUtils.deleteQuietly(new File("work"));
  }

  /** A builder for so many executors with so many cores each. */
  public static SparkSession.Builder of(int count, int cores) {
    return SparkSession.builder()
        .master("local-cluster[" + count + "," + cores + ",1024]")
        .config("spark.executor.memory", "512m")
        .config("spark.executorEnv.SPARK_SCALA_VERSION", "2.13")
        .config("spark.executorEnv.SPARK_TESTING", "1")
        .config("spark.executorEnv.OMP_NUM_THREADS", "1")
        .config("spark.executor.extraClassPath", System.getProperty("java.class.path"))
        .config("spark.executor.extraJavaOptions", JAVA_OPTIONS)
        .config("spark.sql.shuffle.partitions", "2")
        .config(Settings.MAX_FAILURES.key(), "1");
  }
}
