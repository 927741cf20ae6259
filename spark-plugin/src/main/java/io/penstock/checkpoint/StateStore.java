package io.penstock.checkpoint;

import io.penstock.Internal;
import io.penstock.nn.NotFinite;
import io.penstock.nn.ParameterSpec;
import io.penstock.nn.Parameters;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Store of the layers' state of one checkpoint, on any Hadoop file system: each rank writes and
 * reads its own layers. Weights lie in {@code data} as a model has them (see {@link LayerFiles}),
 * optimizer state and the best epoch's weights in {@code state}, all in NumPy's format. A store is
 * whole once its {@link RunManifest} is there, which is written last and has the sums of all files.
 * Thread-safe, but for two writers of one layer.
 */
@Internal
public final class StateStore {
  private static final String DATA = LayerFiles.DATA;
  private static final String STATE = "state";
  private static final String OPTIMIZER = "optimizer";
  private static final String BEST = "best";

  private final Path directory;
  private final Configuration conf;
  private final FileSystem files;

  /**
   * Opens the store of a directory, which is made when something is written.
   *
   * @param directory on any file system that Hadoop knows
   * @throws IOException if the file system cannot be reached
   */
  public StateStore(String directory, Configuration conf) throws IOException {
    this.directory = new Path(directory);
    this.conf = conf;
    this.files = this.directory.getFileSystem(conf);
  }

  /**
   * Writes one layer's state.
   *
   * @param layer its index in the network, from 0
   * @return the sums of its files
   * @throws IOException if a weight is NaN or infinite, or if the files cannot be written; then a
   *     part of them may be there
   */
  public List<FileSum> write(int layer, LayerState state) throws IOException {
    LayerFiles.checkFit(layer, state.weights());
    List<FileSum> sums = new ArrayList<>();
    for (ParameterSpec spec : state.weights().specs()) {
      sums.add(create(DATA, layer, spec.name(), state.weights().get(spec.name())));
    }
    if (!state.optimizer().isEmpty()) {
      sums.add(create(STATE, layer, OPTIMIZER, state.optimizer()));
    }
    if (state.best().isPresent()) {
      sums.add(create(STATE, layer, BEST, state.best().get()));
    }
    return sums;
  }

  private FileSum create(String part, int layer, String array, INDArray numbers)
      throws IOException {
    String name = part + "/" + LayerFiles.name(layer, array);
    try (OutputStream out = NewFile.create(new Path(directory, name), conf)) {
      return NpyFile.write(out, name, numbers);
    }
  }

  /** Reader of a store's layers, which compares every file with its sum. Thread-safe. */
  public final class Reader {
    private final Map<String, FileSum> sums = new HashMap<>();

    private Reader(List<FileSum> all) {
      all.forEach(sum -> sums.put(sum.name(), sum));
    }

    /** Returns whether the store has the best epoch's weights of a layer. */
    public boolean hasBest(int layer) {
      return sums.containsKey(STATE + "/" + LayerFiles.name(layer, BEST));
    }

    /**
     * Reads one layer's weights and statistics alone.
     *
     * @param into whose arrays are written to; a copy of what is there is not kept
     * @throws IOException if a file is missing, damaged, of another shape or not the one of the
     *     manifest; the message names it
     */
    public void weights(int layer, Parameters into) throws IOException {
      for (ParameterSpec spec : into.specs()) {
        read(DATA, layer, spec.name(), into.get(spec.name()));
      }
      Optional<NotFinite> bad = NotFinite.in(into);
      if (bad.isPresent()) {
        throw new IOException("Layer " + layer + " of " + directory + ": " + bad.get());
      }
      into.changed();
    }

    /**
     * Reads what one layer has besides its weights: the optimizer's state, and the best epoch's
     * weights.
     *
     * @param into whose arrays are written to, of the best epoch only where {@link #hasBest}
     * @throws IOException as {@link #weights}
     */
    public void besides(int layer, LayerState into) throws IOException {
      if (!into.optimizer().isEmpty()) {
        read(STATE, layer, OPTIMIZER, into.optimizer());
      }
      if (into.best().isPresent()) {
        read(STATE, layer, BEST, into.best().get());
      }
    }

    private void read(String part, int layer, String array, INDArray target) throws IOException {
      String name = part + "/" + LayerFiles.name(layer, array);
      FileSum wanted = sums.get(name);
      if (wanted == null) {
        throw new IOException(
            "The checkpoint " + directory + " has no " + name + ". Is it another network's?");
      }
      List<Long> shape = Arrays.stream(target.shape()).boxed().toList();
      NpyFile found = NpyFile.open(files, new Path(directory, name), layer, shape);
      FileSum sum = found.into(target);
      if (sum.bytes() != wanted.bytes() || sum.crc32c() != wanted.crc32c()) {
        throw new IOException(
            found.path()
                + " is damaged: its "
                + sum.bytes()
                + " bytes have the CRC-32C "
                + Long.toHexString(sum.crc32c())
                + ", those that were written are "
                + wanted.bytes()
                + " and have "
                + Long.toHexString(wanted.crc32c())
                + ". Delete this checkpoint, so that an earlier one is taken.");
      }
    }
  }

  /** Returns a reader of the layers' files. */
  public Reader reader(List<FileSum> sums) {
    return new Reader(sums);
  }
}
