package io.penstock.ml;

import io.penstock.checkpoint.LayerFiles;
import io.penstock.launch.SparkVersion;
import io.penstock.launch.cluster.NativeRuntime;
import io.penstock.nn.Parameters;
import io.penstock.nn.network.Sequential;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BiFunction;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkContext;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import scala.Option;

/**
 * A model on disk: {@code metadata/} as MLlib writes it, {@code data/network.json}, a NumPy file
 * per parameter and layer beside that, and at last {@link SavedFormat}. Nothing in it is serialised
 * Java.
 */
final class ModelFiles {
  private ModelFiles() {}

  private static Path data(String path) {
    return new Path(path, "data");
  }

  static Path network(String path) {
    return new Path(data(path), "network.json");
  }

  static final class Writer extends MLWriter {
    private final PipelineParallelModel<?> model;

    Writer(PipelineParallelModel<?> model) {
      this.model = model;
    }

    @Override
    public void saveImpl(String path) {
      SparkContext context = sc();
      Configuration conf = context.hadoopConfiguration();
      DefaultParamsWriter.saveMetadata(model, path, context, Option.empty(), Option.empty());
      try {
        Sequential described = model.describe();
        try (OutputStream out = network(path).getFileSystem(conf).create(network(path), true)) {
          out.write(described.toJson().getBytes(StandardCharsets.UTF_8));
        }
        LayerFiles files = LayerFiles.ofModel(path, conf);
        List<Parameters> layers = model.parameters();
        for (int layer = 0; layer < layers.size(); layer++) {
          files.write(layer, layers.get(layer));
        }
        new SavedFormat(model.fittedNetwork().classNames()).write(path, conf);
      } catch (IOException cause) {
        throw new UncheckedIOException(
            "Could not save the model to " + path + ": " + cause.getMessage(), cause);
      }
    }
  }

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
        return saved.onto(make.apply(saved.uid(), trained(path, conf, format)));
      } catch (IOException cause) {
        throw new UncheckedIOException(
            "Could not load the model at " + path + ": " + cause.getMessage(), cause);
      }
    }

    /**
     * Reads network, weights and class names; not the params.
     *
     * @throws IOException if a file is missing, damaged, or does not fit the others
     * @throws IllegalArgumentException if the network is none that can be read
     */
    static FittedNetwork trained(String path, Configuration conf, SavedFormat format)
        throws IOException {
      Sequential network = describe(path, conf);
      NativeRuntime.chooseKernels(); // the weights may be the process's first arrays
      List<Parameters> layers = LayerFiles.ofModel(path, conf).read(network);
      return new FittedNetwork(Scorer.of(network, layers), format.classNames(), null);
    }

    private static Sequential describe(String path, Configuration conf) throws IOException {
      try {
        return Sequential.fromJson(SavedText.read(network(path), conf));
      } catch (IllegalArgumentException cause) {
        throw new IllegalArgumentException(network(path) + ": " + cause.getMessage(), cause);
      }
    }
  }
}
