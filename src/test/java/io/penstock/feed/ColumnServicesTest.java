package io.penstock.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.conf.Settings;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.vectorized.OnHeapColumnVector;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ColumnServicesTest {
  private static final AtomicInteger CLOSED = new AtomicInteger();

  private static SparkSession spark;

  @TempDir private Path folder;
  private final List<String> told = Collections.synchronizedList(new ArrayList<>());
  private final AbstractAppender listening =
      new AbstractAppender("listening", null, null, true, Property.EMPTY_ARRAY) {
        @Override
        public void append(LogEvent event) {
          told.add(event.getLevel() + " " + event.getMessage().getFormattedMessage());
        }
      };
  private final Logger log = (Logger) LogManager.getLogger(ColumnServices.class);

  @BeforeAll
  static void start() {
    spark =
        SparkSession.builder().master("local[2]").config("spark.ui.enabled", "false").getOrCreate();
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @BeforeEach
  void listen() {
    CLOSED.set(0);
    listening.start();
    log.addAppender(listening);
  }

  @AfterEach
  void forget() {
    log.removeAppender(listening);
    spark.conf().unset(Settings.FEED_COLUMNS.key());
  }

  /** Two partitions of two batches each, whatever the query: 10 and 11, 20; 30 and 31, 40. */
  public static final class Engine implements QueryColumns {
    /** For the service loader. */
    public Engine() {}

    @Override
    public Optional<JavaRDD<ColumnarBatch>> of(Dataset<Row> data) {
      JavaSparkContext context = new JavaSparkContext(data.sparkSession().sparkContext());
      return Optional.of(context.parallelize(List.of(10L, 30L), 2).mapPartitions(Engine::batches));
    }

    private static Iterator<ColumnarBatch> batches(Iterator<Long> first) {
      long at = first.next();
      return List.<ColumnarBatch>of(new Counted(at, at + 1), new Counted(at + 10)).iterator();
    }
  }

  private static final class Counted extends ColumnarBatch {
    Counted(long... numbers) {
      super(new ColumnVector[] {column(numbers)}, numbers.length);
    }

    private static ColumnVector column(long... numbers) {
      OnHeapColumnVector column = new OnHeapColumnVector(numbers.length, DataTypes.LongType);
      column.putLongs(0, numbers.length, numbers, 0);
      return column;
    }

    @Override
    public void close() {
      CLOSED.incrementAndGet();
      super.close();
    }
  }

  /** Runs no query. */
  public static final class Idle implements QueryColumns {
    /** For the service loader. */
    public Idle() {}

    @Override
    public Optional<JavaRDD<ColumnarBatch>> of(Dataset<Row> data) {
      return Optional.empty();
    }
  }

  /** Fails as a jar whose engine is not where it can be seen. */
  public static final class Unlinked implements QueryColumns {
    /** For the service loader. */
    public Unlinked() {}

    @Override
    public Optional<JavaRDD<ColumnarBatch>> of(Dataset<Row> data) {
      throw new NoClassDefFoundError("some/Engine");
    }
  }

  /** Numbers that are not those of {@link Engine}. */
  private static Dataset<Row> rows() {
    return spark.range(0, 3, 1, 1).toDF();
  }

  /** What the feed sees of that query where a class path names these services. */
  private List<Long> fed(String... services) throws IOException {
    Path file = folder.resolve("META-INF/services/" + QueryColumns.class.getName());
    Files.createDirectories(file.getParent());
    Files.writeString(file, String.join("\n", services));
    ClassLoader own = Thread.currentThread().getContextClassLoader();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()}, own)) {
      Thread.currentThread().setContextClassLoader(loader);
      return QueryRows.of(rows(), ColumnServicesTest::longs).collect();
    } finally {
      Thread.currentThread().setContextClassLoader(own);
    }
  }

  private static Iterator<Long> longs(int partition, Iterator<Row> rows) {
    List<Long> numbers = new ArrayList<>();
    rows.forEachRemaining(row -> numbers.add(row.getLong(0)));
    return numbers.iterator();
  }

  @Test
  void columnsOfAServiceAreFedAndEveryBatchIsClosed() throws Exception {
    assertEquals(
        List.of(10L, 11L, 20L, 30L, 31L, 40L), fed(Idle.class.getName(), Engine.class.getName()));
    assertEquals(4, CLOSED.get());
    assertEquals(List.of(), told);
  }

  @Test
  void aBatchThatATaskLeavesIsClosedWithIt() throws Exception {
    JavaRDD<ColumnarBatch> batches = new Engine().of(rows()).orElseThrow();
    List<Long> first =
        QueryRows.<ColumnarBatch, Long>of(
                batches,
                rows().schema(),
                BatchRows::ofTask,
                (partition, rows) -> List.of(rows.next().getLong(0)).iterator())
            .collect();
    assertEquals(List.of(10L, 30L), first);
    assertEquals(2, CLOSED.get());
  }

  @Test
  void withoutAServiceOrWhereNoneRunsTheQueryRowsAreFed() throws Exception {
    assertEquals(List.of(0L, 1L, 2L), fed());
    assertEquals(List.of(0L, 1L, 2L), fed(Idle.class.getName()));
    assertEquals(List.of(), told);
  }

  @Test
  void noServiceIsAskedWhereColumnsAreNotWanted() throws Exception {
    spark.conf().set(Settings.FEED_COLUMNS.key(), "Never");
    assertEquals(List.of(0L, 1L, 2L), fed(Engine.class.getName()));
  }

  @Test
  void aServiceThatFailsIsToldAndRowsAreFed() throws Exception {
    assertEquals(List.of(0L, 1L, 2L), fed(Unlinked.class.getName()));
    assertEquals(
        List.of("WARN " + Unlinked.class.getName() + " gives no columns; rows are fed as rows"),
        told);
  }

  @Test
  void aServiceThatCannotBeLoadedIsToldAndRowsAreFed() throws Exception {
    assertEquals(List.of(0L, 1L, 2L), fed("some.Missing"));
    assertEquals(List.of("WARN A service of columns cannot be loaded; rows are fed as rows"), told);
  }

  @Test
  void whereRapidsRunsTheQueryAMissingJarIsNamed() {
    ColumnServices none = new ColumnServices(List.of());
    assertEquals(Optional.empty(), none.of(rows(), false));
    assertEquals(List.of(), told);
    assertEquals(Optional.empty(), none.of(rows(), true));
    assertEquals(1, told.size(), told.toString());
    assertTrue(told.get(0).startsWith("WARN The RAPIDS Accelerator runs the query"), told.get(0));
    assertTrue(told.get(0).contains("penstock-rapids-<version>.jar in --jars"), told.get(0));
    assertEquals(Optional.empty(), new ColumnServices(List.of(new Idle())).of(rows(), true));
    assertEquals(1, told.size(), told.toString());
  }
}
