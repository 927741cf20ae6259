package io.penstock.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.ConfigurationSource;
import org.apache.logging.log4j.core.config.properties.PropertiesConfigurationFactory;
import org.apache.spark.SparkConf;
import org.apache.spark.metrics.MetricsConfig;
import org.junit.jupiter.api.Test;

/** log4j2.properties and metrics.properties, read as those read them that they are for. */
class LogAndMetricsFilesTest {

  @Test
  void logsAreQuietButForPenstocksOwnAccount() throws IOException {
    try (InputStream file = Files.newInputStream(ConfFile.DIRECTORY.resolve("log4j2.properties"));
        LoggerContext context = new LoggerContext("conf")) {
      Configuration read =
          new PropertiesConfigurationFactory()
              .getConfiguration(context, new ConfigurationSource(file));
      read.initialize();
      assertEquals(Level.WARN, read.getLoggerConfig("org.apache.spark.Heartbeater").getLevel());
      assertEquals(
          Level.INFO, read.getLoggerConfig("io.penstock.launch.job.TrainingJob").getLevel());
      assertEquals(Set.of("console"), read.getAppenders().keySet());
    }
  }

  @Test
  void everySinkAndSourceOfTheMetricsIsOneOfSparks() throws Exception {
    MetricsConfig config =
        new MetricsConfig(
            new SparkConf(false)
                .set(
                    "spark.metrics.conf",
                    ConfFile.DIRECTORY.resolve("metrics.properties").toString()));
    config.initialize();
    Properties driver = config.getInstance("driver");
    assertEquals("/metrics/prometheus", driver.get("sink.prometheusServlet.path"));
    Set<String> classes = new TreeSet<>();
    for (List<String> line : lines()) {
      if (line.get(0).endsWith(".class")) {
        classes.add(Class.forName(line.get(1)).getSimpleName());
      }
    }
    assertTrue(
        classes.containsAll(Set.of("PrometheusServlet", "JvmSource", "GraphiteSink", "CsvSink")),
        classes::toString);
  }

  /** Those commented out too. */
  private static List<List<String>> lines() throws IOException {
    return Files.readAllLines(ConfFile.DIRECTORY.resolve("metrics.properties")).stream()
        .map(line -> line.startsWith("#") ? line.substring(1) : line)
        .filter(line -> line.matches("\\S+=\\S+"))
        .map(line -> List.of(line.split("=", 2)))
        .toList();
  }
}
