package io.penstock.launch.job;

import io.penstock.compute.DeviceException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.SgdUpdater;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * An updater that goes wrong on one layer, once for every time that its flag, a file, is put up. It
 * travels to the executors as any of ND4J's does.
 */
public final class Sabotage extends Sgd {
  private static final long serialVersionUID = 1L;

  /** What goes wrong. */
  public enum Deed {
    THROW,
    /** Throws every time, whether there is a flag or not. */
    THROW_ALWAYS,
    HALT,
    /** An error as where a jar is missing. */
    LINKAGE,
    /** As where a layer calls itself without end. */
    OVERFLOW,
    /** As where a layer wants more memory than the process has. */
    MEMORY,
    /** As where the GPU is of no more use to the process. */
    LOSE_GPU,
    /** As where a GPU has no room. */
    FILL_GPU,
    /** More arrays of ND4J's than an executor may take. */
    HOARD,
    /** Every connection that others have made to this process ends; see {@link Scissors}. */
    CUT,
    /** The rank neither ends nor goes on, and hears of no interrupt. */
    HANG
  }

  /** What a sabotaged stage throws. */
  public static final class Planned extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    public Planned() {
      super("planned");
    }
  }

  /** More 8-byte numbers than an executor of the tests has room for. */
  private static final int MUCH = Integer.MAX_VALUE - 8;

  private Deed deed;
  private long parameters;
  private String flag;

  /** For JSON. */
  public Sabotage() {}

  /**
   * Sabotage of the layer that has so many parameters.
   *
   * @param flag an existing file; whoever does the deed deletes it
   */
  Sabotage(Deed deed, long parameters, Path flag) {
    this.deed = deed;
    this.parameters = parameters;
    this.flag = flag.toString();
  }

  @Override
  public Sabotage clone() {
    return new Sabotage(deed, parameters, Path.of(flag));
  }

  @Override
  public GradientUpdater<?> instantiate(INDArray view, boolean initialize) {
    return new SgdUpdater(this) {
      @Override
      public void applyUpdater(INDArray gradient, int step, int epoch) {
        if (step > 0 && gradient.length() == parameters && due()) {
          strike();
        }
        super.applyUpdater(gradient, step, epoch);
      }
    };
  }

  private boolean due() {
    return deed == Deed.THROW_ALWAYS || new File(flag).delete();
  }

  private void strike() {
    switch (deed) {
      case THROW, THROW_ALWAYS -> throw new Planned();
      case HALT -> Runtime.getRuntime().halt(137);
      case LINKAGE -> throw new NoClassDefFoundError("org/example/Missing");
      case OVERFLOW -> throw new StackOverflowError();
      case MEMORY -> throw new OutOfMemoryError("No room for " + new long[MUCH].length);
      case LOSE_GPU -> throw new DeviceException(DeviceException.Kind.LOST, "GPU lost.", null);
      case FILL_GPU -> throw new DeviceException(DeviceException.Kind.FULL, "GPU full.", null);
      case HOARD -> hoard();
      case CUT -> Scissors.cut();
      case HANG -> hang();
    }
  }

  private static void hang() {
    while (true) {
      LockSupport.park(); // and what wakes it is not heeded
      Thread.interrupted();
    }
  }

  private static void hoard() {
    List<INDArray> hoarded = new ArrayList<>();
    try {
      while (true) {
        hoarded.add(Nd4j.createUninitialized(DataType.FLOAT, 16 << 20));
      }
    } finally {
      hoarded.forEach(INDArray::close);
    }
  }

  /** Puts up a flag in a directory. */
  static Path flagIn(Path directory) throws IOException {
    return Files.createFile(directory.resolve("flag"));
  }
}
