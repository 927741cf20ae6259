package io.penstock.launch.job;

import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;

/** A way in which somebody ends a run from outside. */
enum Ending {
  JOB_GROUP {
    @Override
    void end(SparkSession spark, Thread fitting) {
      spark.sparkContext().cancelJobGroup(GROUP);
    }
  },
  ALL_JOBS {
    @Override
    void end(SparkSession spark, Thread fitting) {
      spark.sparkContext().cancelAllJobs();
    }
  },
  TAG {
    @Override
    void end(SparkSession spark, Thread fitting) {
      spark.sparkContext().cancelJobsWithTag(TAGGED);
    }
  },
  INTERRUPT {
    @Override
    void end(SparkSession spark, Thread fitting) {
      fitting.interrupt();
    }
  },
  STOP {
    @Override
    void end(SparkSession spark, Thread fitting) {
      spark.stop();
    }
  };

  private static final String GROUP = "runs";
  private static final String TAGGED = "to-be-cancelled";

  /** Gives the calling thread's jobs the names by which they can be cancelled. */
  static void name(SparkContext context) {
    // Users' own groups leave tasks uninterrupted, as is Spark's default.
    context.setJobGroup(GROUP, "runs that are ended", false);
    context.addJobTag(TAGGED);
  }

  abstract void end(SparkSession spark, Thread fitting);
}
