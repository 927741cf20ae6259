package io.penstock.ml;

import io.penstock.nn.network.Sequential;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkContext;
import org.apache.spark.ml.util.DefaultParamsWriter;
import scala.Option;

/**
 * Files of a saved model besides its weights, as text, so that they can be written while a run has
 * all slots: {@link ModelFiles} has MLlib write the metadata, which takes a job.
 *
 * @param metadata the model's class, uid and params as MLlib has them
 * @param network the network's JSON
 * @param format what is written last
 */
record ModelOutline(String metadata, String network, SavedFormat format) {
  /**
   * The outline of a model that need not have weights yet.
   *
   * @throws IllegalArgumentException if the network has a custom layer, which cannot be saved
   */
  static ModelOutline of(
      PipelineParallelModel<?> model,
      Sequential network,
      SavedFormat format,
      SparkContext context) {
    return new ModelOutline(
        DefaultParamsWriter.getMetadataToSave(model, context, Option.empty(), Option.empty()),
        network.toJson(),
        format);
  }

  /**
   * Writes it beside the weights, the format last.
   *
   * @param path the model's directory
   * @throws IOException if it cannot be written
   */
  void write(String path, Configuration conf) throws IOException {
    write(ModelFiles.network(path), network, conf);
    write(new Path(new Path(path, "metadata"), "part-00000"), metadata + "\n", conf);
    format.write(path, conf);
  }

  private static void write(Path file, String text, Configuration conf) throws IOException {
    try (OutputStream out = file.getFileSystem(conf).create(file, true)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }
}
