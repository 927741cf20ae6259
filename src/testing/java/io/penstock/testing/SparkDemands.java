package io.penstock.testing;

import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * What a test class demands of Spark.
 *
 * @param slots tasks at the same time
 * @param settings each as {@code key=value}
 */
record SparkDemands(int slots, List<String> settings) {
  /** Those of a class, if it has the annotation or inherits it. */
  static Optional<SparkDemands> of(Class<?> testClass) {
    return AnnotationSupport.findAnnotation(testClass, LocalSpark.class)
        .map(local -> new SparkDemands(local.slots(), List.of(local.settings())));
  }

  String master() {
    return "local[" + slots + "]";
  }

  /** A builder of a session that meets them, with no more work for small data than needed. */
  SparkSession.Builder builder() {
    SparkSession.Builder builder =
        SparkSession.builder()
            .master(master())
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "2");
    for (String setting : settings) {
      String[] parts = setting.split("=", 2);
      if (parts.length < 2) {
        throw new IllegalArgumentException(
            "setting '" + setting + "' of @LocalSpark has no value; write key=value");
      }
      builder.config(parts[0], parts[1]);
    }
    return builder;
  }
}
