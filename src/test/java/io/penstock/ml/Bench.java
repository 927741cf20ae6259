package io.penstock.ml;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Where mistakes are made: a session with two slots that counts its jobs, rows and a fitted model
 * for every subject, and a directory for what is saved.
 */
final class Bench implements AutoCloseable {
  /** Failures are provoked; their stacks would bury real ones. */
  private static final List<String> LOUD =
      List.of("org.apache.spark.scheduler", "org.apache.spark.executor");

  private final AtomicInteger jobs = new AtomicInteger();
  private final Map<Subject, Dataset<Row>> rows = new EnumMap<>(Subject.class);
  private final Map<Subject, PipelineParallelModel<?>> models = new EnumMap<>(Subject.class);
  private final AtomicInteger places = new AtomicInteger();
  private final SparkSession spark;
  private final Path directory;

  Bench(Path directory) throws IOException {
    this.directory = directory;
    this.spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.local.dir", Files.createDirectory(directory.resolve("local")).toString())
            .getOrCreate();
    spark
        .sparkContext()
        .addSparkListener(
            new SparkListener() {
              @Override
              public void onJobStart(SparkListenerJobStart job) {
                jobs.incrementAndGet();
              }
            });
    LOUD.forEach(name -> Configurator.setLevel(name, Level.OFF));
    for (Subject subject : Subject.values()) {
      rows.put(subject, subject.rows(spark));
      models.put(subject, subject.fit(subject.estimator(), rows(subject)));
    }
  }

  SparkSession spark() {
    return spark;
  }

  Dataset<Row> rows(Subject subject) {
    return rows.get(subject);
  }

  /** A copy of the fitted model, whose params can be set. */
  PipelineParallelModel<?> model(Subject subject) {
    return Subject.copy(models.get(subject));
  }

  int jobs() throws Exception {
    spark.sparkContext().listenerBus().waitUntilEmpty();
    return jobs.get();
  }

  /** The place of the next mistake, where nothing is yet. */
  void nextPlace() {
    places.incrementAndGet();
  }

  /** Where a mistake may save something. */
  Path place() {
    return directory.resolve("place-" + places.get());
  }

  /** A file of this text in the mistake's place. */
  String file(String name, String text) throws IOException {
    Files.createDirectories(place());
    return Files.writeString(place().resolve(name), text).toString();
  }

  /** The mistake's place with a model saved to it. */
  Path saved(Subject subject) throws IOException {
    model(subject).write().save(place().toString());
    return place();
  }

  /** Changes a saved file, and takes away the checksum that Hadoop would find to be wrong. */
  void overwrite(String name, byte[] bytes) throws IOException {
    Path file = place().resolve(name);
    Files.write(file, bytes);
    Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
  }

  /** Which of our readers finds something whole in the mistake's place. */
  List<String> loadable() {
    return Stream.<MLReader<?>>of(
            PipelineParallelClassificationModel.read(),
            PipelineParallelRegressionModel.read(),
            PipelineParallelSequenceModel.read(),
            PipelineParallelClassifier.read(),
            PipelineParallelRegressor.read(),
            PipelineParallelSequenceLearner.read())
        .filter(reader -> loads(reader, place().toString()))
        .map(Object::toString)
        .toList();
  }

  private static boolean loads(MLReader<?> reader, String path) {
    try {
      reader.load(path);
      return true;
    } catch (RuntimeException refused) {
      return false;
    }
  }

  /** Files that runs of ours have left behind. */
  List<Path> left() throws IOException {
    try (Stream<Path> files = Files.walk(directory.resolve("local"))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("penstock"))
          .filter(Files::isRegularFile)
          .toList();
    }
  }

  @Override
  public void close() {
    LOUD.forEach(name -> Configurator.setLevel(name, Level.WARN));
    spark.stop();
  }
}
