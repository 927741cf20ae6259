package io.penstock.testing;

import java.util.Comparator;
import org.junit.jupiter.api.ClassDescriptor;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.ClassOrdererContext;

/**
 * Runs classes with {@link LocalSpark} after all others, and one after the other those that demand
 * the same. A JVM has one Spark context at a time: who starts one of their own finds no other, who
 * measures memory has none beside it, and the shared ones start once each.
 */
public final class SharedSparkLast implements ClassOrderer {
  /** Made by JUnit. */
  public SharedSparkLast() {}

  @Override
  public void orderClasses(ClassOrdererContext context) {
    context.getClassDescriptors().sort(Comparator.comparing(SharedSparkLast::group));
  }

  private static String group(ClassDescriptor of) {
    return SparkDemands.of(of.getTestClass()).map(SparkDemands::toString).orElse("");
  }
}
