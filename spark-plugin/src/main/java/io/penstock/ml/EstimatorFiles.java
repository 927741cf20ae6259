package io.penstock.ml;

import io.penstock.launch.SparkVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import scala.Option;

/** An estimator on disk: {@code metadata/} as MLlib writes it, and {@link SavedFormat}. */
final class EstimatorFiles {
  private EstimatorFiles() {}

  static final class Writer extends MLWriter {
    private final Params estimator;

    Writer(Params estimator) {
      this.estimator = estimator;
    }

    @Override
    public void saveImpl(String path) {
      DefaultParamsWriter.saveMetadata(estimator, path, sc(), Option.empty(), Option.empty());
      try {
        new SavedFormat(List.of()).write(path, sc().hadoopConfiguration());
      } catch (IOException cause) {
        throw new UncheckedIOException(
            "Could not save the estimator to " + path + ": " + cause.getMessage(), cause);
      }
    }
  }

  static final class Reader<E extends Params> extends MLReader<E> {
    private final Class<E> type;
    private final Function<String, E> make;

    /**
     * @param make an estimator of its uid
     */
    Reader(Class<E> type, Function<String, E> make) {
      SparkVersion.check();
      this.type = type;
      this.make = make;
    }

    @Override
    public E load(String path) {
      try {
        SavedFormat.read(path, sc().hadoopConfiguration());
        SavedParams saved = SavedParams.read(path, sc(), type);
        return saved.onto(make.apply(saved.uid()));
      } catch (IOException cause) {
        throw new UncheckedIOException(
            "Could not load the estimator at " + path + ": " + cause.getMessage(), cause);
      }
    }
  }
}
