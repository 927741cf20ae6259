package io.penstock.ml;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkException;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.DefaultParamsReader;
import scala.Option;

/**
 * Metadata that MLlib writes of every estimator and model: its class, uid and params.
 *
 * @param path where it was saved
 * @param metadata as MLlib reads it
 */
record SavedParams(String path, DefaultParamsReader.Metadata metadata) {

  /**
   * Reads them, which runs a job of MLlib's.
   *
   * @param type the class that must have been saved
   * @throws IOException if they are missing
   * @throws IllegalArgumentException if it was another, whose name the message says, or they are
   *     damaged
   */
  static SavedParams read(String path, SparkContext context, Class<?> type) throws IOException {
    Path text = new Path(path, "metadata");
    if (!text.getFileSystem(context.hadoopConfiguration()).exists(text)) {
      throw new FileNotFoundException(text + " is missing. Was the directory copied whole?");
    }
    // Without a class, for MLlib's message about another one does not say what to do.
    DefaultParamsReader.Metadata metadata =
        orDamaged(path, () -> DefaultParamsReader.loadMetadata(path, context, ""));
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
    return new SavedParams(path, metadata);
  }

  /**
   * MLlib says in whatever its JSON library or Scala throws that it does not understand a text;
   * only where Spark itself failed, or one of our params, is there more to say.
   */
  private static <T> T orDamaged(String path, Callable<T> reading) throws IOException {
    try {
      return reading.call();
    } catch (SparkException failed) {
      throw new IOException(failed.getMessage(), failed);
    } catch (JsonProcessingException cause) { // an IOException too
      throw damaged(path, cause.getOriginalMessage(), cause);
    } catch (IOException failed) {
      throw failed;
    } catch (Exception cause) {
      throw damaged(path, cause.getMessage(), cause);
    }
  }

  private static IllegalArgumentException damaged(String path, String why, Exception cause) {
    return new IllegalArgumentException(
        new Path(path, "metadata")
            + " is damaged, or another version's: "
            + (why == null ? cause : why),
        cause);
  }

  String uid() {
    return metadata.uid();
  }

  /**
   * Sets what was set, and returns what it was set on.
   *
   * @throws IllegalArgumentException if that cannot be
   */
  <P extends Params> P onto(P params) throws IOException {
    return orDamaged(
        path,
        () -> {
          metadata.getAndSetParams(params, Option.empty());
          return params;
        });
  }
}
