package io.penstock.link;

import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Where a test provokes failures, Spark's transport logs each with its stack; that would bury real
 * ones.
 */
final class QuietSpark implements BeforeAllCallback, AfterAllCallback {
  private static final String TRANSPORT = "org.apache.spark.network";

  @Override
  public void beforeAll(ExtensionContext context) {
    Configurator.setLevel(TRANSPORT, Level.OFF);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    Configurator.setLevel(TRANSPORT, Level.ERROR);
  }
}
