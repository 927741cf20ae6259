package io.penstock.checkpoint;

import io.penstock.nn.ParameterSpec;
import io.penstock.nn.Parameters;
import io.penstock.nn.network.Sequential;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.fs.Path;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Weights of a network in the files of a model: a reference that knows of each file its length and
 * when it was written, and refuses one that is another by now. Immutable.
 */
final class StoredWeights implements NetworkWeights {
  private static final long serialVersionUID = 1L;

  private final String model;
  private final Sequential network;
  private final TreeMap<Integer, List<Stamp>> layers;
  private final SerializableConfiguration hadoop;

  /**
   * State of a file when it was looked at.
   *
   * @param file its path, with its scheme
   * @param bytes its length
   * @param modified when it was written last, as its file system tells
   */
  private record Stamp(String file, long bytes, long modified) implements Serializable {
    static Stamp of(FileStatus status) {
      return new Stamp(status.getPath().toString(), status.getLen(), status.getModificationTime());
    }
  }

  private StoredWeights(
      String model,
      Sequential network,
      TreeMap<Integer, List<Stamp>> layers,
      SerializableConfiguration hadoop) {
    this.model = model;
    this.network = network;
    this.layers = layers;
    this.hadoop = hadoop;
  }

  static StoredWeights open(String model, Sequential network, Configuration conf)
      throws IOException {
    Path path = new Path(model);
    String place = path.getFileSystem(conf).makeQualified(path).toString();
    LayerFiles files = LayerFiles.ofModel(place, conf);
    TreeMap<Integer, List<Stamp>> layers = new TreeMap<>();
    for (int layer = 0; layer < network.layers().size(); layer++) {
      List<ParameterSpec> specs = network.parameters(layer);
      if (!specs.isEmpty()) {
        List<Stamp> stamps = new ArrayList<>();
        files.look(layer, specs).forEach(status -> stamps.add(Stamp.of(status)));
        layers.put(layer, stamps);
      }
    }
    return new StoredWeights(place, network, layers, new SerializableConfiguration(conf));
  }

  @Override
  public SortedSet<Integer> layers() {
    return Collections.unmodifiableSortedSet(layers.navigableKeySet());
  }

  @Override
  public long size(int layer) {
    return layers.containsKey(layer) ? network.parameterCount(layer) : 0;
  }

  @Override
  public float[] of(int layer) {
    if (!layers.containsKey(layer)) {
      return new float[0];
    }
    try (Parameters read = read(network, layer)) {
      return read.values();
    }
  }

  @Override
  public Parameters read(Sequential wanted, int layer) {
    Parameters parameters = Parameters.zeros(wanted.parameters(layer));
    try {
      for (Stamp stamp : layers.getOrDefault(layer, List.of())) {
        check(stamp);
      }
      LayerFiles.ofModel(model, conf()).read(layer, parameters);
      return parameters;
    } catch (IOException unreadable) {
      parameters.close();
      throw new UnreadableStateException(unreadable);
    }
  }

  @Override
  public Optional<String> directory() {
    return Optional.of(model);
  }

  @Override
  public void check() {
    try {
      for (List<Stamp> stamps : layers.values()) {
        for (Stamp stamp : stamps) {
          check(stamp);
        }
      }
    } catch (IOException changed) {
      throw new UnreadableStateException(changed);
    }
  }

  @Override
  public void save(String target, Sequential wanted, Configuration conf) throws IOException {
    Path data = new Path(target, LayerFiles.DATA);
    FileSystem to = data.getFileSystem(conf);
    to.mkdirs(data);
    for (List<Stamp> stamps : layers.values()) {
      for (Stamp stamp : stamps) {
        check(stamp);
        Path from = new Path(stamp.file());
        FileSystem source = from.getFileSystem(conf());
        FileUtil.copy(source, from, to, new Path(data, from.getName()), false, true, conf);
      }
    }
  }

  private void check(Stamp stamp) throws IOException {
    Path file = new Path(stamp.file());
    Stamp now;
    try {
      now = Stamp.of(file.getFileSystem(conf()).getFileStatus(file));
    } catch (FileNotFoundException gone) {
      throw new IOException(
          stamp.file()
              + " is not there. A large model reads its weights from its files when they are asked"
              + " for, and those of "
              + model
              + " were deleted, or this process does not reach the directory, which driver and all"
              + " executors must share. Load the model from where it is saved, or fit it again.",
          gone);
    }
    if (now.bytes() != stamp.bytes() || now.modified() != stamp.modified()) {
      throw new IOException(
          stamp.file()
              + " is another file by now: it has "
              + now.bytes()
              + " bytes and was written at "
              + now.modified()
              + ", not "
              + stamp.bytes()
              + " and "
              + stamp.modified()
              + ". A large model reads its weights from its files when they are asked for, and"
              + " something else was saved to "
              + model
              + ". Load the model again.");
    }
  }

  private Configuration conf() {
    return hadoop.value();
  }
}
