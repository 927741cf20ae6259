package io.penstock.checkpoint;

import io.penstock.Internal;
import io.penstock.nn.NotFinite;
import io.penstock.nn.ParameterSpec;
import io.penstock.nn.Parameters;
import io.penstock.nn.network.Sequential;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Weights of a network on a Hadoop file system, one file per parameter ({@code
 * layer-0003-weights.npy}) in NumPy's format, which much else can read. A file appears whole or not
 * at all: it is written under another name and renamed. Thread-safe, but for two writers of one
 * layer.
 */
@Internal
public final class LayerFiles {
  /** Directory of a model's weights within the model's own. */
  static final String DATA = "data";

  private final FileSystem files;
  private final Path directory;

  /**
   * The files of one directory, which is made when something is written.
   *
   * @param directory on any file system that Hadoop knows
   * @throws IOException if the file system cannot be reached
   */
  public LayerFiles(Path directory, Configuration conf) throws IOException {
    this.files = directory.getFileSystem(conf);
    this.directory = directory;
  }

  /**
   * The files of a saved model, which lie in its directory {@code data}.
   *
   * @param model the model's directory
   * @throws IOException if the file system cannot be reached
   */
  public static LayerFiles ofModel(String model, Configuration conf) throws IOException {
    return new LayerFiles(new Path(model, DATA), conf);
  }

  /**
   * Writes one layer's parameters, replacing what was there.
   *
   * @param layer its index in the network, from 0
   * @throws IOException if a number of them is NaN or infinite, which writes nothing; if they
   *     cannot be written; of each parameter there is then still the old file or, under a name that
   *     ends in {@code .writing}, the whole new one
   */
  public void write(int layer, Parameters parameters) throws IOException {
    checkFit(layer, parameters);
    for (ParameterSpec spec : parameters.specs()) {
      Path target = file(layer, spec);
      Path written = new Path(directory, "." + target.getName() + ".writing");
      try (OutputStream out = files.create(written, true)) {
        NpyFile.write(out, target.getName(), parameters.get(spec.name()));
      }
      if (files.exists(target)) {
        files.delete(target, false);
      }
      if (!files.rename(written, target)) {
        throw new IOException("Could not rename " + written + " to " + target);
      }
    }
  }

  /**
   * Reads all layers' parameters. Every file is looked at before memory is taken for any: what a
   * network asks for is only made where files hold as much.
   *
   * @return by layer
   * @throws IOException if a file is missing, damaged, does not fit the network or holds a number
   *     that is NaN or infinite; the message names it
   */
  public List<Parameters> read(Sequential network) throws IOException {
    List<Map<String, NpyFile>> found = new ArrayList<>();
    for (int layer = 0; layer < network.layers().size(); layer++) {
      Map<String, NpyFile> ofLayer = new HashMap<>();
      for (ParameterSpec spec : network.parameters(layer)) {
        ofLayer.put(spec.name(), find(layer, spec));
      }
      found.add(ofLayer);
    }
    List<Parameters> layers = new ArrayList<>();
    for (int layer = 0; layer < found.size(); layer++) {
      layers.add(Parameters.zeros(network.parameters(layer)));
      for (Map.Entry<String, NpyFile> one : found.get(layer).entrySet()) {
        one.getValue().into(layers.get(layer).get(one.getKey()));
      }
      checkFinite(layer, layers.get(layer));
    }
    return layers;
  }

  /**
   * Reads one layer's parameters.
   *
   * @param into of the shapes that the files must have; what it holds is replaced
   * @throws IOException as {@link #read(Sequential)}
   */
  public void read(int layer, Parameters into) throws IOException {
    for (ParameterSpec spec : into.specs()) {
      find(layer, spec).into(into.get(spec.name()));
    }
    checkFinite(layer, into);
    into.changed();
  }

  /**
   * Looks at a layer's files, without reading their numbers.
   *
   * @return the state of each, in the order of the parameters
   * @throws IOException if one is missing, not whole or of another shape; the message names it
   */
  List<FileStatus> look(int layer, List<ParameterSpec> specs) throws IOException {
    List<FileStatus> found = new ArrayList<>();
    for (ParameterSpec spec : specs) {
      found.add(files.getFileStatus(find(layer, spec).path()));
    }
    return found;
  }

  /**
   * Checks that a layer's numbers are worth keeping.
   *
   * @throws IOException if one is NaN or infinite
   */
  static void checkFit(int layer, Parameters parameters) throws IOException {
    Optional<NotFinite> bad = NotFinite.in(parameters);
    if (bad.isPresent()) {
      throw new IOException(
          "Layer " + layer + " is not fit to be kept: " + bad.get() + ". Train the network anew.");
    }
  }

  private void checkFinite(int layer, Parameters parameters) throws IOException {
    Optional<NotFinite> bad = NotFinite.in(parameters);
    if (bad.isPresent()) {
      throw new IOException(
          file(layer, bad.get().name())
              + " cannot be used: "
              + bad.get()
              + ". Its training had gone bad before it was saved, or the file was changed since;"
              + " take an earlier one.");
    }
  }

  private NpyFile find(int layer, ParameterSpec spec) throws IOException {
    return NpyFile.open(files, file(layer, spec), layer, spec.shape());
  }

  private Path file(int layer, ParameterSpec spec) {
    return file(layer, spec.name());
  }

  private Path file(int layer, String parameter) {
    return new Path(directory, name(layer, parameter));
  }

  /** Returns the name of the file of one array of a layer. */
  static String name(int layer, String array) {
    return String.format(Locale.ROOT, "layer-%04d-%s.npy", layer, array);
  }
}
