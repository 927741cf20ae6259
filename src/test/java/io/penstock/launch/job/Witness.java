package io.penstock.launch.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.SgdUpdater;
import org.nd4j.linalg.learning.config.Sgd;

/** An updater that writes down which GPU the stage it works on was given, and by which executor. */
public final class Witness extends Sgd {
  private static final long serialVersionUID = 1L;

  private String directory;

  /** For JSON. */
  public Witness() {}

  /** One that writes to a directory, a file for each stage: {@code executor gpu cpus}. */
  public Witness(Path directory) {
    this.directory = directory.toString();
  }

  @Override
  public Witness clone() {
    return new Witness(Path.of(directory));
  }

  @Override
  public GradientUpdater<?> instantiate(INDArray view, boolean initialize) {
    TaskContext context = TaskContext.get();
    if (context != null) {
      ResourceInformation gpu = context.resourcesJMap().get("gpu");
      String address = gpu == null ? "none" : String.join(",", gpu.addresses());
      write(
          "stage-" + context.partitionId(),
          SparkEnv.get().executorId() + " " + address + " " + context.cpus());
    }
    return new SgdUpdater(this);
  }

  private void write(String name, String words) {
    try {
      Files.writeString(Path.of(directory, name), words);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What was written of a stage. */
  public static String[] of(Path directory, int stage) throws IOException {
    return Files.readString(directory.resolve("stage-" + stage)).split(" ");
  }
}
