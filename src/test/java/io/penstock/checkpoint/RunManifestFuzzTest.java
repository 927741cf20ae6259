package io.penstock.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.fuzz.Inputs;
import io.penstock.fuzz.Reading;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.hadoop.fs.Path;

class RunManifestFuzzTest {
  private static final Path FILE = new Path("manifest.json");
  private static final RunIdentity IDENTITY =
      new RunIdentity(
          "{\"layers\":[]}",
          "{\"@class\":\"Adam\"}",
          7,
          64,
          4,
          null,
          "float32",
          "float32",
          null,
          9,
          "none",
          null,
          new RunIdentity.Rows(100, 20, -3));

  private static List<RunManifest> good() throws JsonProcessingException {
    TrainingState middle =
        new TrainingState(
            3,
            5,
            35,
            0.75,
            100,
            new TrainingState.Stopping(0.5, 2, 1, false),
            1,
            2,
            new double[] {1, 0.5, Double.NaN});
    List<FileSum> files =
        List.of(
            new FileSum("layer-0000-weights.npy", 1000, 0xFFFFFFFFL),
            new FileSum("layer-0000-biases.npy", 160, 1));
    ObjectMapper json = new ObjectMapper();
    return List.of(
        new RunManifest(
            RunManifest.VERSION,
            "run",
            "2 stages",
            List.of("avx2"),
            IDENTITY,
            middle,
            files,
            json.readTree("[{\"a\":1}]")),
        new RunManifest(
            RunManifest.VERSION,
            "run",
            "1 stage",
            List.of(),
            IDENTITY.with(null),
            TrainingState.START,
            List.of(),
            json.readTree("[]")));
  }

  private static void readAll(byte[] bytes) throws IOException {
    RunManifest manifest = RunManifest.read(FILE, bytes);
    manifest.identity().difference(IDENTITY);
    manifest.state().position();
    byte[] again = manifest.bytes();
    assertArrayEquals(again, RunManifest.read(FILE, again).bytes());
  }

  @Provide
  Arbitrary<byte[]> files() throws JsonProcessingException {
    return Inputs.of(List.of(good().get(0).bytes(), good().get(1).bytes()));
  }

  @Provide
  Arbitrary<byte[]> texts() throws JsonProcessingException {
    int behindSum = RunManifest.sealed(new byte[0]).length - 1;
    return Inputs.ofTexts(
            good().stream()
                .map(RunManifestFuzzTest::text)
                .map(t -> t.substring(behindSum))
                .toList())
        .map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(RunManifest manifest) {
    try {
      String all = new String(manifest.bytes(), StandardCharsets.UTF_8);
      return all.substring(0, all.length() - 1);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Nothing that was changed has the sum that it begins with; changes of nothing are read. */
  @Property(seed = "1")
  void everyFileIsAManifestOrRefused(@ForAll("files") byte[] bytes, @ForAll boolean whole)
      throws Exception {
    byte[] file = whole ? good().get(0).bytes() : bytes;
    Reading.of(file.length, Set.of(IOException.class), () -> readAll(file));
  }

  /** Behind a sum that is right, for a hostile file has one. */
  @Property(seed = "1")
  void everyTextIsAManifestOrRefused(@ForAll("texts") byte[] text) throws Exception {
    Reading.of(text.length, Set.of(IOException.class), () -> readAll(RunManifest.sealed(text)));
  }
}
