package io.penstock.ml;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Locale;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkContext;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.DefaultParamsReader;
import scala.Option;

/**
 * What MLlib writes of every estimator and model: its class, uid and params.
 *
 * @param metadata as MLlib reads it
 */
record SavedParams(DefaultParamsReader.Metadata metadata) {

  /**
   * Reads them, which runs a job of MLlib's.
   *
   * @param type the class that must have been saved
   * @throws IOException if they are missing
   * @throws IllegalArgumentException if it was another; the message says which
   */
  static SavedParams read(String path, SparkContext context, Class<?> type) throws IOException {
    Path text = new Path(path, "metadata");
    if (!text.getFileSystem(context.hadoopConfiguration()).exists(text)) {
      throw new FileNotFoundException(text + " is missing. Was the directory copied whole?");
    }
    // Without a class, for MLlib's message about another one does not say what to do.
    DefaultParamsReader.Metadata metadata = DefaultParamsReader.loadMetadata(path, context, "");
    String saved = metadata.className();
    if (!saved.equals(type.getName())) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s holds a %s, not a %s. Load it with %s.load.",
              path,
              saved,
              type.getSimpleName(),
              saved.substring(saved.lastIndexOf('.') + 1)));
    }
    return new SavedParams(metadata);
  }

  String uid() {
    return metadata.uid();
  }

  /** Sets what was set, and returns what it was set on. */
  <P extends Params> P onto(P params) {
    metadata.getAndSetParams(params, Option.empty());
    return params;
  }
}
