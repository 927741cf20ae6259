package io.penstock.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A Spark session in local mode for a test class, which it takes as a parameter of type {@code
 * SparkSession}. One Spark context serves all classes of a JVM that demand the same of it; every
 * class has a session of its own on it, so with its own views, functions and runtime settings. What
 * a class leaves in the context (listeners, cached data, a checkpoint directory, jobs, local
 * properties) is taken away after it; a class that ends the context or changes its settings fails.
 *
 * <p>Classes that measure memory, or need a plugin, a UI or an event log, start Spark themselves:
 * these run before all that share one ({@link SharedSparkLast}).
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(LocalSparkExtension.class)
public @interface LocalSpark {
  /** Tasks that run at the same time. */
  int slots() default 2;

  /** Settings of Spark's besides, each as {@code key=value}. */
  String[] settings() default {};
}
