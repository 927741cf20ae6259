package io.penstock.ml;

import static org.apache.spark.sql.functions.expr;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.feed.BadRowException;
import io.penstock.feed.EmptyDataException;
import io.penstock.testing.LocalSpark;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.apache.logging.log4j.core.layout.PatternLayout;
import org.apache.spark.ml.Model;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What stands in the log of whoever fits and transforms, as Spark lays it out. */
@Timeout(180)
@LocalSpark(slots = 4)
class LogOfAFitTest {
  private static SparkSession spark;

  @BeforeAll
  static void start(SparkSession session) {
    spark = session;
  }

  /** Takes down what is logged from a level on. */
  private static final class Lines extends AbstractAppender implements AutoCloseable {
    private static final List<String> TASKS =
        List.of("org.apache.spark.executor.", "org.apache.spark.scheduler.", "io.penstock.");

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final LoggerContext context = (LoggerContext) LogManager.getContext(false);

    Lines(Level level) {
      super(
          "lines",
          null,
          PatternLayout.newBuilder().withPattern("%p %c{1}: %m%n%ex").build(),
          true,
          Property.EMPTY_ARRAY);
      start();
      context.getConfiguration().getRootLogger().addAppender(this, level, null);
      context.updateLoggers();
    }

    /** Of tasks and of ours: a task that is cancelled may be told of by the files it had open. */
    @Override
    public void append(LogEvent event) {
      String logger = event.getLoggerName();
      if (TASKS.stream().anyMatch(logger::startsWith)) {
        lines.addAll(Arrays.asList(getLayout().toSerializable(event).toString().split("\\R")));
      }
    }

    @Override
    public void close() {
      context.getConfiguration().getRootLogger().removeAppender("lines");
      context.updateLoggers();
      stop();
    }
  }

  private static void assertShort(List<String> lines) {
    List<String> stack = lines.stream().filter(line -> line.startsWith("\tat ")).toList();
    assertEquals(List.of(), stack, () -> String.join("\n", lines));
    assertTrue(lines.size() <= 12, () -> String.join("\n", lines));
  }

  @ParameterizedTest
  @EnumSource(Subject.class)
  void aBadRowIsToldWithoutTheStacksOfTasks(Subject subject) {
    Dataset<Row> rows =
        subject.rows(spark).withColumn("features", expr("if(id = 7, null, features)"));
    try (Lines log = new Lines(Level.WARN)) {
      BadRowException bad =
          assertThrows(BadRowException.class, () -> subject.fit(subject.estimator(), rows));
      assertShort(log.lines);
      assertTrue(log.lines.stream().anyMatch(line -> line.contains("'features' is null")));
      assertTrue(
          Arrays.stream(bad.getStackTrace())
              .anyMatch(frame -> frame.getClassName().equals(LogOfAFitTest.class.getName())),
          "the stack says which call of fit it was");
    }
    PipelineParallelModel<?> model = subject.fit(subject.estimator(), subject.rows(spark));
    try (Lines log = new Lines(Level.WARN)) {
      assertThrows(Exception.class, () -> ((Model<?>) model).transform(rows).collectAsList());
      assertShort(log.lines);
    }
  }

  @Test
  void noRowsAreToldWithoutTheStacksOfRanks() {
    Dataset<Row> none = Blobs.rows(spark).where("id < 0");
    try (Lines log = new Lines(Level.WARN)) {
      assertThrows(EmptyDataException.class, () -> Blobs.classifier().fit(none));
      assertShort(log.lines);
    }
  }

  @Test
  void aFitTellsItsOwnParamsAndOnceWhereItComputes() {
    Level before = LogManager.getLogger("io.penstock").getLevel();
    org.apache.logging.log4j.core.config.Configurator.setLevel("io.penstock", Level.INFO);
    try (Lines log = new Lines(Level.INFO)) {
      PipelineParallelClassifier estimator = Blobs.classifier().setSchedule("auto");
      estimator.fit(Blobs.rows(spark));
      List<String> own =
          log.lines.stream().filter(line -> line.contains(estimator.uid() + ": batch")).toList();
      assertEquals(1, own.size(), () -> String.join("\n", log.lines));
      assertTrue(own.get(0).length() < 200, own.get(0));
      assertEquals(1, count(log.lines, "[4] to [3], loss"), () -> String.join("\n", log.lines));
      assertEquals(1, computes(log.lines), () -> String.join("\n", log.lines));
      assertEquals(1, advice(log.lines, "as measured"), () -> String.join("\n", log.lines));
      assertMeasured(log.lines);
      log.lines.clear();
      estimator.setSchedule("1f1b").fit(Blobs.rows(spark));
      assertEquals(1, advice(log.lines, "a guess"), () -> String.join("\n", log.lines));
      log.lines.clear();
      estimator.setOutputBlocks(2).fit(Blobs.rows(spark));
      assertEquals(
          1, count(log.lines, "[4] to [3] in 2 blocks, loss"), () -> String.join("\n", log.lines));
      log.lines.clear();
      Explanation explained = estimator.setSchedule("1f1b").explain(Blobs.rows(spark));
      assertEquals(0, computes(log.lines), () -> String.join("\n", log.lines));
      assertTrue(explained.toString().contains("computes on "), explained::toString);
      assertTrue(explained.toString().contains("\ncomputes with "), explained::toString);
    } finally {
      org.apache.logging.log4j.core.config.Configurator.setLevel("io.penstock", before);
    }
  }

  /** What is measured is told when it begins, and how long that took when it has ended. */
  private static void assertMeasured(List<String> lines) {
    List<String> told = lines.stream().filter(line -> line.contains(": Measur")).toList();
    assertEquals(2, told.size(), () -> String.join("\n", lines));
    assertTrue(
        told.get(0).startsWith("INFO ProfileJob: Measuring 3 layers with micro-batches of "),
        told::toString);
    assertTrue(told.get(0).contains(" on 2 executors of 1 kind"), told::toString);
    assertTrue(
        told.get(1).matches("INFO ProfileJob: Measured 3 layers in \\d+\\.\\d s"), told::toString);
  }

  private static long count(List<String> lines, String words) {
    return lines.stream().filter(line -> line.contains(words)).count();
  }

  /** A line with both steps and the hand-over. */
  private static long advice(List<String> lines, String source) {
    return lines.stream()
        .filter(line -> line.contains("2 executors") && line.contains("pay: a step takes "))
        .filter(line -> line.contains(source) && line.contains("a hand-over from executor"))
        .count();
  }

  private static long computes(List<String> lines) {
    return lines.stream().filter(line -> line.contains("Stages compute")).count();
  }
}
