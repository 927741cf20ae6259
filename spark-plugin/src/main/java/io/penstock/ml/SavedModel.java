package io.penstock.ml;

import io.penstock.checkpoint.LayerFiles;
import io.penstock.checkpoint.NetworkWeights;
import io.penstock.checkpoint.NewFile;
import io.penstock.launch.SparkVersion;
import io.penstock.launch.cluster.ModelMemory;
import io.penstock.launch.cluster.NativeMemory;
import io.penstock.launch.cluster.NativeRuntime;
import io.penstock.nn.network.Sequential;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import scala.Option;

/**
 * Files of a saved model beside its weights: {@code metadata/} as MLlib has it, {@code
 * data/network.json} and at last {@link SavedFormat}. All is text, and nothing serialised Java; to
 * write it takes no job, so that it can be written while a run has all slots. The weights are a
 * NumPy file per parameter and layer in {@code data/}: see {@link NetworkWeights}.
 *
 * @param metadata the model's class, uid and params as MLlib has them
 * @param network the network's JSON
 * @param format what is written last
 */
record SavedModel(String metadata, String network, SavedFormat format) {
  /**
   * Returns the files of a model that need not have weights yet.
   *
   * @throws IllegalArgumentException if the network has a custom layer, which cannot be saved
   */
  static SavedModel of(
      PipelineParallelModel<?> model,
      Sequential network,
      SavedFormat format,
      SparkContext context) {
    return new SavedModel(
        DefaultParamsWriter.getMetadataToSave(model, context, Option.empty(), Option.empty()),
        network.toJson(),
        format);
  }

  /**
   * Writes the files beside the weights, the format last.
   *
   * @param path the model's directory
   * @throws IOException if it cannot be written
   */
  void write(String path, Configuration conf) throws IOException {
    write(network(path), network, conf);
    write(new Path(new Path(path, "metadata"), "part-00000"), metadata + "\n", conf);
    format.write(path, conf);
  }

  private static void write(Path file, String text, Configuration conf) throws IOException {
    try (OutputStream out = NewFile.create(file, conf)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static Path network(String path) {
    return new Path(new Path(path, "data"), "network.json");
  }

  /**
   * Reads network and class names, and the weights of a model that is small; not the params.
   *
   * @param most bytes of weights that are read; larger ones stay in their files
   * @throws IOException if a file is missing, damaged, or does not fit the others
   * @throws IllegalArgumentException if the network is none that can be read
   */
  static FittedNetwork trained(String path, Configuration conf, SavedFormat format, long most)
      throws IOException {
    Sequential network = describe(path, conf);
    NetworkWeights weights;
    if (bytes(network) > most) {
      weights = NetworkWeights.stored(path, network, conf);
    } else {
      NativeRuntime.chooseKernels(); // the weights may be the process's first arrays
      weights = NetworkWeights.inMemory(LayerFiles.ofModel(path, conf).read(network));
    }
    return new FittedNetwork(new Scorer(network.toWire(), weights), format.classNames(), null);
  }

  private static Sequential describe(String path, Configuration conf) throws IOException {
    try {
      return Sequential.fromJson(SavedText.read(network(path), conf));
    } catch (IllegalArgumentException cause) {
      throw new IllegalArgumentException(network(path) + ": " + cause.getMessage(), cause);
    }
  }

  private static long bytes(Sequential network) {
    return Float.BYTES
        * IntStream.range(0, network.layers().size()).mapToLong(network::parameterCount).sum();
  }

  /** Writer of a fitted model. */
  static final class Writer extends MLWriter {
    private final PipelineParallelModel<?> model;

    Writer(PipelineParallelModel<?> model) {
      this.model = model;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if the model's own files are there, which overwrite() would
     *     delete before they are copied
     */
    @Override
    public void save(String path) throws IOException {
      Configuration conf = sc().hadoopConfiguration();
      Path place = new Path(path);
      String target = place.getFileSystem(conf).makeQualified(place).toString();
      for (String own : model.fittedNetwork().scorer().weights().directory().stream().toList()) {
        if ((own + "/").startsWith(target + "/")) {
          throw new IllegalArgumentException(
              "The model "
                  + model.uid()
                  + " is large, and reads its weights from "
                  + own
                  + "; to save it to "
                  + target
                  + " would delete them first. Save it to another directory.");
        }
      }
      super.save(path);
    }

    @Override
    public void saveImpl(String path) {
      Configuration conf = sc().hadoopConfiguration();
      try {
        FittedNetwork fitted = model.fittedNetwork();
        Sequential network = model.describe();
        SavedModel files =
            SavedModel.of(model, network, new SavedFormat(fitted.classNames()), sc());
        fitted.scorer().weights().save(path, network, conf);
        files.write(path, conf);
      } catch (IOException | UncheckedIOException cause) {
        throw new UncheckedIOException(
            "Could not save the model to " + path + ": " + cause.getMessage(),
            cause instanceof IOException own ? own : new IOException(cause));
      }
    }
  }

  /** Reader of a model. */
  static final class Reader<M extends PipelineParallelModel<M>> extends MLReader<M> {
    private final Class<M> type;
    private final BiFunction<String, FittedNetwork, M> make;

    /**
     * @param make a model of its uid and what was learnt
     */
    Reader(Class<M> type, BiFunction<String, FittedNetwork, M> make) {
      SparkVersion.check();
      this.type = type;
      this.make = make;
    }

    @Override
    public M load(String path) {
      SparkContext context = sc();
      Configuration conf = context.hadoopConfiguration();
      try {
        SavedFormat format = SavedFormat.read(path, conf);
        SavedParams saved = SavedParams.read(path, context, type);
        long most = ModelMemory.limit(context.getConf(), isShared(path, context.getConf(), conf));
        return saved.onto(make.apply(saved.uid(), trained(path, conf, format, most)));
      } catch (IOException cause) {
        throw new UncheckedIOException(
            "Could not load the model at " + path + ": " + cause.getMessage(), cause);
      }
    }

    /** Returns whether executors reach a path too, as far as its file system tells. */
    private static boolean isShared(String path, SparkConf spark, Configuration conf)
        throws IOException {
      FileSystem files = new Path(path).getFileSystem(conf);
      return NativeMemory.isLocal(spark) || !files.getUri().getScheme().equals("file");
    }
  }
}
