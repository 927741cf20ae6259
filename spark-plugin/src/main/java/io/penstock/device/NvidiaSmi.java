package io.penstock.device;

import io.penstock.Internal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Query of {@code nvidia-smi}, NVIDIA's own tool, which comes with every driver. Asked before ND4J
 * is loaded, for a GPU that ND4J has no code for would end the process. Immutable; any thread may
 * call.
 *
 * @param command its path, or its name to be looked for
 */
@Internal
public record NvidiaSmi(String command) {
  /** The tool's name, to be found on the PATH. */
  public static final String DEFAULT = "nvidia-smi";

  private static final List<String> QUERY =
      List.of(
          "--query-gpu=index,uuid,compute_cap,memory.total,driver_version",
          "--format=csv,noheader");

  /** A machine whose driver is not kept loaded needs seconds to answer. */
  private static final int PATIENCE_SECONDS = 60;

  /** Lists the GPUs, or says why it cannot. Takes from 20 ms to seconds. */
  Gpus list() {
    Path said = null;
    try {
      said = Files.createTempFile("penstock-nvidia-smi", ".txt");
      Process process =
          new ProcessBuilder(command, QUERY.get(0), QUERY.get(1))
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return Gpus.none(command + " gave no answer in " + PATIENCE_SECONDS + " s.");
      }
      String text = Files.readString(said, StandardCharsets.UTF_8);
      return process.exitValue() == 0 ? Gpus.parse(text) : failed(text, process.exitValue());
    } catch (IOException cannotRun) {
      return Gpus.none(
          "there is no NVIDIA driver: "
              + command
              + " cannot be run ("
              + cannotRun.getMessage()
              + "). Install the driver on this machine, or name the tool with"
              + " spark.penstock.gpu.nvidiaSmi.");
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return Gpus.none("interrupted while " + command + " was asked.");
    } finally {
      delete(said);
    }
  }

  private Gpus failed(String text, int code) {
    String first = text.lines().findFirst().orElse("it said nothing").strip();
    return Gpus.none(
        command
            + " failed with exit code "
            + code
            + ": "
            + first
            + (text.contains("compute_cap") ? " Its driver is too old: update it." : ""));
  }

  private static void delete(Path file) {
    try {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException stays) {
      file.toFile().deleteOnExit();
    }
  }
}
