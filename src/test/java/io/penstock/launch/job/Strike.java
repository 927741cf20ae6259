package io.penstock.launch.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.spark.TaskContext;

/**
 * One blow at one point of one rank, which {@link StrikeAgent} has the executors strike: once, by
 * the file that orders it. As long as that is there, a run waits for each of its checkpoints before
 * it goes on, so that it is known from which it resumes.
 *
 * @param point where
 * @param rank at which, or whose task in the packing
 * @param deed what happens
 * @param step how many steps are done by then; 0 where the point lies before the first
 * @param every how many steps lie between two checkpoints
 * @param checkpoints the directory of the run's
 */
public record Strike(Point point, int rank, Deed deed, int step, int every, Path checkpoints) {
  /** System property of an executor: where orders lie, and what it has done is noted. */
  static final String DIRECTORY = "penstock.test.strikes";

  private static final String ORDER = "order";
  private static final String STEPS = "steps-";
  private static final String STOPPED = "stopped-";
  private static final String WRITER = "penstock-checkpoint-";
  private static final int PAUSE_MILLIS = 5;

  /** Steps that each rank of this process has done in its present attempt. */
  private static final Map<Integer, Integer> DONE = new ConcurrentHashMap<>();

  /** Beginning of a method, by which an action or a part of a run begins. */
  enum Point {
    PACKING("io.penstock.feed.PackedRows", "hasNext", 0),
    TAKING_ROWS("io.penstock.feed.SplitStores", "build", 0),
    MEETING("io.penstock.launch.job.RankTask", "meet", 0),
    CONNECTING("io.penstock.launch.job.RankTask", "connect", 0),
    FORWARD("io.penstock.train.Stage", "forward", 5),
    RECOMPUTATION("io.penstock.train.Stage", "recompute", 5),
    /** What is kept for a recomputation goes to disk. */
    OFFLOAD("io.penstock.train.Offload", "write", 5),
    /** It is back. */
    RESTORE("io.penstock.train.Offload", "take", 5),
    INPUT_GRADIENT("io.penstock.train.Stage", "inputGradient", 5),
    WEIGHT_GRADIENT("io.penstock.train.Stage", "weightGradient", 5),
    SEND("io.penstock.train.Exchange", "send", 5),
    RECEIVE("io.penstock.train.Exchange", "take", 5),
    UPDATE("io.penstock.train.StepUpdate", "update", 5),
    REDUCE_SCATTER("io.penstock.train.GradientExchange", "reduceScatter", 5),
    ALL_GATHER("io.penstock.train.GradientExchange", "gatherWeights", 5),
    VALIDATION("io.penstock.train.ValidationPass", "run", 6),
    /** Between two steps, where a rank copies its state. */
    COPY("io.penstock.launch.job.CheckpointWriter", "take", 4),
    /** Beside the training, where a rank begins to write that copy. */
    WRITE("io.penstock.launch.job.CheckpointWriter", "write", 4),
    /** Not struck at: here the first rank waits until the newest checkpoint is complete. */
    STEP("io.penstock.train.CheckpointCoordinator", "begin", 0);

    final String type;
    final String method;

    /** Steps that are done when it is struck at. */
    final int step;

    Point(String type, String method, int step) {
      this.type = type;
      this.method = method;
      this.step = step;
    }
  }

  /** What happens. */
  enum Deed {
    KILL,
    STOP,
    THROW,
    OUT_OF_MEMORY,
    /** Every connection that others have made to this process ends; see {@link Scissors}. */
    CUT
  }

  /** Orders the blow of all executors that look into a directory. */
  void order(Path directory) throws IOException {
    try (Stream<Path> old = Files.list(directory)) {
      for (Path one : old.toList()) {
        Files.delete(one);
      }
    }
    String words =
        String.join("\n", point.name(), "" + rank, deed.name(), "" + step, "" + every, "")
            + checkpoints;
    Path written = Files.writeString(directory.resolve("new"), words);
    Files.move(written, directory.resolve(ORDER));
  }

  /** Returns whether what was ordered there is still to be done. */
  static boolean isDue(Path directory) {
    return Files.exists(directory.resolve(ORDER));
  }

  /** Returns how many steps a rank has begun to end since the order, over all attempts. */
  static long steps(Path directory, int rank) throws IOException {
    Path file = directory.resolve(STEPS + rank);
    return Files.exists(file) ? Files.size(file) : 0;
  }

  /** Ends the processes that were stopped, if there are any. */
  static void endStopped(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path one : files.filter(file -> name(file).startsWith(STOPPED)).toList()) {
        String start = Files.readString(one);
        // Spark may have ended it already, and its number be another's, or that of a thread.
        ProcessHandle.of(Long.parseLong(name(one).substring(STOPPED.length())))
            .filter(process -> start.equals(start(process)))
            .ifPresent(ProcessHandle::destroyForcibly);
      }
    }
  }

  private static String start(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toString).orElse("");
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }

  /** Called at the beginning of every method that is a {@link Point}. */
  public static void at(String name) throws IOException, InterruptedException {
    Point point = Point.valueOf(name);
    Path directory = Path.of(System.getProperty(DIRECTORY));
    int rank = rankHere();
    if (rank < 0) {
      return;
    }
    if (point == Point.MEETING) {
      DONE.put(rank, 0);
    }
    int done = DONE.getOrDefault(rank, 0);
    Strike ordered = read(directory);
    if (ordered != null) {
      if (point == Point.STEP && rank == 0 && done > 0 && done % ordered.every == 0) {
        ordered.awaitCheckpoint(directory, done);
      }
      if (point == ordered.point
          && rank == ordered.rank
          && (ordered.step == 0 || done == ordered.step)) {
        ordered.strike(directory);
      }
    }
    if (point == Point.UPDATE) {
      DONE.put(rank, done + 1);
      Path steps = directory.resolve(STEPS + rank);
      Files.writeString(steps, ".", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
  }

  private static int rankHere() {
    String thread = Thread.currentThread().getName();
    if (thread.startsWith(WRITER)) {
      return Integer.parseInt(thread.substring(WRITER.length()));
    }
    return TaskContext.get() == null ? -1 : TaskContext.getPartitionId();
  }

  private static Strike read(Path directory) throws IOException {
    try {
      String[] words = Files.readString(directory.resolve(ORDER)).split("\n");
      return new Strike(
          Point.valueOf(words[0]),
          Integer.parseInt(words[1]),
          Deed.valueOf(words[2]),
          Integer.parseInt(words[3]),
          Integer.parseInt(words[4]),
          Path.of(words[5]));
    } catch (NoSuchFileException done) {
      return null;
    }
  }

  private void awaitCheckpoint(Path directory, int done) throws IOException, InterruptedException {
    while (isDue(directory) && !isComplete(done)) {
      Thread.sleep(PAUSE_MILLIS);
    }
  }

  private boolean isComplete(int done) throws IOException {
    String prefix = CheckpointLocation.PREFIX + String.format(Locale.ROOT, "%06d-", done);
    try (Stream<Path> all = Files.list(checkpoints)) {
      return all.anyMatch(
          one -> name(one).startsWith(prefix) && Files.exists(one.resolve("manifest.json")));
    }
  }

  private void strike(Path directory) throws IOException, InterruptedException {
    if (!directory.resolve(ORDER).toFile().delete()) {
      return;
    }
    long pid = ProcessHandle.current().pid();
    switch (deed) {
      case KILL -> signal("-KILL", pid);
      case STOP -> {
        Files.writeString(directory.resolve(STOPPED + pid), start(ProcessHandle.current()));
        signal("-STOP", pid);
      }
      case THROW -> throw new Sabotage.Planned();
      case OUT_OF_MEMORY -> throw new OutOfMemoryError("planned");
      case CUT -> Scissors.cut();
    }
  }

  private static void signal(String signal, long pid) throws IOException, InterruptedException {
    new ProcessBuilder("kill", signal, Long.toString(pid)).start().waitFor();
  }
}
