package io.penstock.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.checkpoint.LayerFiles;
import io.penstock.checkpoint.NetworkWeights;
import io.penstock.fuzz.Damage;
import io.penstock.fuzz.Inputs;
import io.penstock.fuzz.Reading;
import io.penstock.nn.Parameters;
import io.penstock.nn.ShapeException;
import io.penstock.nn.layer.Dense;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

class ModelDirectoryFuzzTest {
  private static final Sequential NETWORK =
      Sequential.input(3)
          .layer(new Dense(5, false, 1))
          .dense(2)
          .loss(Losses.softmaxCrossEntropy())
          .build();

  private static final Configuration CONF = new Configuration();

  /** A saved model's directory, and its files as they were. */
  private record Saved(Path directory, Map<Path, byte[]> good) {}

  private static Saved learnt;
  private static Saved whole;
  private static SparkSession spark;

  /** Takes away checksums, which would catch what is to be caught behind them. */
  private static Saved saved(Path folder) throws IOException {
    Map<Path, byte[]> good = new TreeMap<>();
    try (var files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (file.toString().endsWith(".crc")) {
          Files.delete(file);
        } else if (!file.getFileName().toString().startsWith("_")) {
          good.put(file, Files.readAllBytes(file));
        }
      }
    }
    return new Saved(folder, good);
  }

  private static Scorer scorer() {
    List<Parameters> layers = new ArrayList<>();
    for (int layer = 0; layer < NETWORK.layers().size(); layer++) {
      layers.add(Parameters.initial(NETWORK.parameters(layer), 7, layer));
    }
    return new Scorer(NETWORK.toWire(), NetworkWeights.inMemory(layers));
  }

  @BeforeContainer
  static void save() throws IOException {
    Path directory = Files.createTempDirectory("learnt");
    String path = directory.toUri().toString();
    Files.createDirectory(directory.resolve("data"));
    Files.writeString(directory.resolve("data/network.json"), NETWORK.toJson());
    LayerFiles files = LayerFiles.ofModel(path, CONF);
    List<Parameters> layers = scorer().parameters();
    for (int layer = 0; layer < layers.size(); layer++) {
      files.write(layer, layers.get(layer));
    }
    new SavedFormat(List.of("no", "yes")).write(path, CONF);
    learnt = saved(directory);
    spark =
        SparkSession.builder().master("local[1]").config("spark.ui.enabled", "false").getOrCreate();
    Path model = Files.createTempDirectory("whole").resolve("model");
    new PipelineParallelClassificationModel("uid", new FittedNetwork(scorer(), List.of(), null))
        .setBlockSize(17)
        .save(model.toString());
    whole = saved(model);
  }

  @AfterContainer
  static void delete() {
    spark.stop();
    FileUtils.deleteQuietly(learnt.directory.toFile());
    FileUtils.deleteQuietly(whole.directory.getParent().toFile());
  }

  @Provide
  Arbitrary<List<Damage>> damages() {
    return Inputs.damages().list().ofMaxSize(2);
  }

  /** Changes up to two files, and puts the others back afterwards. */
  private static void reading(
      Saved saved,
      List<Damage> damages,
      long heap,
      Set<Class<? extends Exception>> refusals,
      Reading.Reader reader)
      throws Exception {
    List<Path> files = List.copyOf(saved.good.keySet());
    List<byte[]> good = List.copyOf(saved.good.values());
    long bytes = good.stream().mapToLong(one -> one.length).sum();
    try {
      for (Damage damage : damages) {
        byte[] changed = damage.to(good);
        bytes += changed.length;
        Files.write(files.get(damage.of(files.size())), changed);
      }
      Reading.of(bytes, heap, refusals, reader);
    } finally {
      for (Damage damage : damages) {
        int file = damage.of(files.size());
        Files.write(files.get(file), good.get(file));
      }
    }
  }

  @Property(seed = "1")
  void whatWasLearntIsReadOrRefused(@ForAll("damages") List<Damage> damages) throws Exception {
    String path = learnt.directory.toUri().toString();
    reading(
        learnt,
        damages,
        16L << 20,
        Set.of(
            IllegalArgumentException.class,
            ShapeException.class,
            IOException.class,
            FileNotFoundException.class),
        () -> {
          SavedFormat format = SavedFormat.read(path, CONF);
          FittedNetwork trained = SavedModel.trained(path, CONF, format, Long.MAX_VALUE);
          assertEquals(
              trained.scorer().network().layers().size(), trained.scorer().parameters().size());
        });
  }

  /** Loading a whole model runs a job of Spark's. */
  @Property(seed = "1", tries = 50)
  void aWholeModelIsLoadedOrRefused(@ForAll("damages") List<Damage> damages) throws Exception {
    reading(
        whole,
        damages,
        256L << 20,
        Set.of(IllegalArgumentException.class, UncheckedIOException.class),
        () -> PipelineParallelClassificationModel.load(whole.directory.toString()));
  }
}
