package io.penstock.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.checkpoint.LayerFiles;
import io.penstock.fuzz.Fuzz;
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
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 900, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ModelDirectoryFuzzTest {
  private static final Sequential NETWORK =
      Sequential.input(3)
          .layer(new Dense(5, false, 1))
          .dense(2)
          .loss(Losses.softmaxCrossEntropy())
          .build();

  /** Loading a whole model runs a job of Spark's, so only one input of so many is tried so. */
  private static final int WHOLE = 200;

  @TempDir Path directory;
  private final Configuration conf = new Configuration();
  private final Map<Path, byte[]> good = new TreeMap<>();

  /** Takes away checksums, which would catch what is to be caught behind them. */
  private void keep(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (file.toString().endsWith(".crc")) {
          Files.delete(file);
        } else {
          good.put(file, Files.readAllBytes(file));
        }
      }
    }
  }

  private static Scorer scorer() {
    List<Parameters> layers = new ArrayList<>();
    for (int layer = 0; layer < NETWORK.layers().size(); layer++) {
      layers.add(Parameters.initial(NETWORK.parameters(layer), 7, layer));
    }
    return Scorer.of(NETWORK, layers);
  }

  /** Changes one file or two, and puts the others back afterwards. */
  private void withChanges(Fuzz.Input input, Act act) throws Exception {
    Random random = input.mutator().random();
    List<Path> files = new ArrayList<>(good.keySet());
    List<Path> changed = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(2); i++) {
      Path file = files.get(random.nextInt(files.size()));
      changed.add(file);
      Files.write(file, input.changed(good.get(file)));
    }
    try {
      act.run();
    } finally {
      for (Path file : changed) {
        Files.write(file, good.get(file));
      }
    }
  }

  private interface Act {
    void run() throws Exception;
  }

  @Test
  void whatWasLearntIsReadOrRefused() throws IOException {
    String path = directory.toUri().toString();
    Files.createDirectory(directory.resolve("data"));
    Files.writeString(directory.resolve("data/network.json"), NETWORK.toJson());
    LayerFiles files = LayerFiles.ofModel(path, conf);
    List<Parameters> layers = scorer().parameters();
    for (int layer = 0; layer < layers.size(); layer++) {
      files.write(layer, layers.get(layer));
    }
    new SavedFormat(List.of("no", "yes")).write(path, conf);
    keep(directory);
    Fuzz.run(
        1,
        new ArrayList<>(good.values()),
        Set.of(
            IllegalArgumentException.class,
            ShapeException.class,
            IOException.class,
            FileNotFoundException.class),
        input ->
            withChanges(
                input,
                () -> {
                  SavedFormat format = SavedFormat.read(path, conf);
                  FittedNetwork trained = ModelFiles.Reader.trained(path, conf, format);
                  assertEquals(
                      trained.scorer().network().layers().size(),
                      trained.scorer().parameters().size());
                }));
  }

  @Test
  void aWholeModelIsLoadedOrRefused() throws IOException {
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", "false")
            .getOrCreate()) {
      Path place = directory.resolve("model");
      new PipelineParallelClassificationModel("uid", new FittedNetwork(scorer(), List.of(), null))
          .setBlockSize(17)
          .save(place.toString());
      keep(place);
      good.keySet().removeIf(file -> file.getFileName().toString().startsWith("_"));
      Fuzz.run(
          WHOLE,
          new ArrayList<>(good.values()),
          Set.of(IllegalArgumentException.class, UncheckedIOException.class),
          input ->
              withChanges(input, () -> PipelineParallelClassificationModel.load(place.toString())));
    }
  }
}
