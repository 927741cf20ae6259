package io.penstock.checkpoint;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.Internal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Manifest of a checkpoint, {@code manifest.json}: what the run is, where it was, and the sum of
 * every file. It is written last and renamed into place, so a directory without one is no
 * checkpoint. In the file it stands behind its own CRC-32C, so that a changed digit is told, too.
 * Immutable.
 *
 * @param version of the format
 * @param runId the run that has written it
 * @param plan the plan at that time in words, for people: a run may go on with another
 * @param arithmetic kinds of processor and kernels that have computed the numbers so far, by which
 *     their last bits may differ
 * @param identity of the run
 * @param state between two steps
 * @param files of all layers
 * @param epochs the run's epochs so far, in the words of whoever keeps them: JSON
 */
@Internal
public record RunManifest(
    int version,
    String runId,
    String plan,
    List<String> arithmetic,
    RunIdentity identity,
    TrainingState state,
    List<FileSum> files,
    JsonNode epochs) {
  /** Version of the format that is written. */
  public static final int VERSION = 3;

  static final String NAME = "manifest.json";

  private static final int CRC_DIGITS = 8;
  private static final byte[] END = {'}'};

  /** Bytes of a manifest at most: text of a network and sums, no numbers of weights. */
  private static final long MOST_BYTES = 256L << 20;

  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

  /**
   * Copies the lists, and checks that nothing is missing.
   *
   * @throws IllegalArgumentException if something is, or the version is none that is read
   */
  public RunManifest {
    if (version != VERSION) {
      throw new IllegalArgumentException(
          "it is of version " + version + ", but this release reads " + VERSION);
    }
    if (identity == null
        || state == null
        || files == null
        || arithmetic == null
        || state.stopping() == null) {
      throw new IllegalArgumentException("it lacks identity, state, files or arithmetic");
    }
    arithmetic = List.copyOf(arithmetic);
    files = List.copyOf(files);
  }

  /** Returns whether a directory has a manifest, and so is a whole checkpoint. */
  public static boolean isIn(String directory, Configuration conf) throws IOException {
    Path file = new Path(directory, NAME);
    return file.getFileSystem(conf).exists(file);
  }

  /**
   * Writes the manifest, which makes a directory of files a checkpoint.
   *
   * @throws IOException if it cannot be written; then the directory is no checkpoint
   */
  public void write(String directory, Configuration conf) throws IOException {
    Path target = new Path(directory, NAME);
    Path written = new Path(directory, "." + NAME + ".writing");
    FileSystem files = target.getFileSystem(conf);
    try (OutputStream out = NewFile.create(written, conf)) {
      out.write(bytes());
    }
    if (!files.rename(written, target)) {
      throw new IOException("Could not rename " + written + " to " + target);
    }
  }

  /** Returns the file's bytes. */
  byte[] bytes() throws JsonProcessingException {
    return sealed(MAPPER.writeValueAsBytes(this));
  }

  /** Returns JSON behind its sum. */
  static byte[] sealed(byte[] json) {
    byte[] head = head(json, 0, json.length);
    byte[] all = Arrays.copyOf(head, head.length + json.length + END.length);
    System.arraycopy(json, 0, all, head.length, json.length);
    System.arraycopy(END, 0, all, head.length + json.length, END.length);
    return all;
  }

  /**
   * Reads the manifest of a directory.
   *
   * @return empty if there is none: the directory is no checkpoint
   * @throws IOException naming the file if it cannot be read, or is none of ours
   */
  public static Optional<RunManifest> read(String directory, Configuration conf)
      throws IOException {
    Path file = new Path(directory, NAME);
    FileSystem files = file.getFileSystem(conf);
    if (!files.exists(file)) {
      return Optional.empty();
    }
    long length = files.getFileStatus(file).getLen();
    if (length > MOST_BYTES) {
      throw new IOException(file + " has " + length + " bytes; no manifest is that long.");
    }
    try (InputStream in = files.open(file)) {
      return Optional.of(read(file, in.readAllBytes()));
    }
  }

  /**
   * Reads a manifest.
   *
   * @param file for messages
   * @param all its bytes
   * @throws IOException naming the file if it is none of ours
   */
  static RunManifest read(Path file, byte[] all) throws IOException {
    int start = head(all, 0, 0).length;
    int count = all.length - start - END.length;
    if (count < 0
        || !Arrays.equals(head(all, start, count), Arrays.copyOf(all, start))
        || !Arrays.equals(END, Arrays.copyOfRange(all, start + count, all.length))) {
      throw unusable(file, "it is damaged, for it does not have the CRC-32C that it begins with");
    }
    try {
      RunManifest manifest = MAPPER.readValue(all, start, count, RunManifest.class);
      if (manifest == null) {
        throw unusable(file, "it holds null");
      }
      return manifest;
    } catch (JsonProcessingException cause) {
      throw (IOException) unusable(file, cause.getOriginalMessage()).initCause(cause);
    }
  }

  private static IOException unusable(Path file, String why) {
    return new IOException(
        file
            + " cannot be used: "
            + why
            + ". Delete this checkpoint, so that an earlier one is taken.");
  }

  /** Returns what stands before a manifest's JSON, of one length whatever that is. */
  private static byte[] head(byte[] bytes, int from, int count) {
    CRC32C sum = new CRC32C();
    sum.update(bytes, from, count);
    String hex = HexFormat.of().toHexDigits(sum.getValue(), CRC_DIGITS);
    return ("{\"crc32c\":\"" + hex + "\",\"manifest\":").getBytes(StandardCharsets.US_ASCII);
  }
}
