package io.penstock.examples;

import io.penstock.conf.Settings;
import io.penstock.launch.job.CheckpointRhythm;
import io.penstock.launch.job.Checkpoints;
import io.penstock.launch.job.RunOptions;
import io.penstock.launch.job.TrainingResult;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.apache.commons.io.FileUtils;
import org.apache.spark.sql.SparkSession;

/**
 * The soak: trains in a loop on a standalone cluster of its own, while executors are killed,
 * stopped and started at random, and compares the end of every run bit for bit with that of an
 * undisturbed one on one stage.
 *
 * <p>{@code examples/run soak --minutes 5 --seed 1 [--stages 3] [--elastic]}
 */
public final class Soak {
  private static final Example EXAMPLE =
      new Example(
          "soak",
          "Trains in a loop while executors are killed, stopped and started at random; every run"
              + " must end, bit for bit as an undisturbed one",
          List.of(
              Option.positive("minutes", 5, "until no more is struck and the last run ends"),
              Option.count("seed", 1, "of what is struck, and when"),
              Option.count("stages", 3, "of the network, each on a worker of its own"),
              Option.atLeast(0, "spares", "workers beside those that a run needs").withDefault(1),
              Option.oneOf(
                  "elastic",
                  List.of("false", "true"),
                  "whether a run goes on with fewer stages where a worker is missing"),
              Option.count("epochs", 12, "of a run, of 64 steps"),
              Option.count("patience", 180, "seconds without any progress that are a hang")));

  private static final int STEPS_BETWEEN_CHECKPOINTS = 20;

  /** Those that a run's stages may be done by; one after the other. */
  private static final List<String> SCHEDULES = List.of("1f1b", "zb-h1", "gpipe");

  /** Failures in a row, which is more than there is time for. */
  private static final int MAX_FAILURES = 1_000_000;

  private final Options options;
  private final SoakCluster cluster;
  private final SparkSession spark;
  private final SoakWatch watch = new SoakWatch();
  private final SoakTraining training;
  private int fits;
  private int hangs;
  private int wrong;

  private Soak(Options options, SoakCluster cluster, SparkSession spark) {
    this.options = options;
    this.cluster = cluster;
    this.spark = spark;
    this.training = SoakTraining.of(options, spark);
    spark.sparkContext().addSparkListener(watch);
  }

  /**
   * Runs the job; see the class. A run that hangs or ends otherwise ends it with exit status 1, a
   * wrong option with a message and 2.
   */
  public static void main(String[] arguments) throws Exception {
    EXAMPLE.main(
        arguments,
        options -> {
          String home = System.getenv("SPARK_HOME");
          String jars = Path.of(home, "jars") + File.separator + "*";
          if (!run(options, jars, Map.of("SPARK_HOME", home), Map.of())) {
            System.exit(1);
          }
        });
  }

  /** The options of a command line. */
  static Options parse(String... arguments) {
    return EXAMPLE.parse(arguments);
  }

  /**
   * Does it all, and stops Spark.
   *
   * @param classPath of Spark's master and workers
   * @param environment of these
   * @param settings of Spark, over those of this process
   * @return whether no run has hung, and none has ended otherwise than it must
   */
  static boolean run(
      Options options,
      String classPath,
      Map<String, String> environment,
      Map<String, String> settings)
      throws Exception {
    Path directory = Files.createTempDirectory("penstock-soak-");
    boolean passed = false;
    try (SoakCluster cluster = new SoakCluster(directory, classPath, environment)) {
      int workers = options.count("stages") + options.optional("spares", 0).orElseThrow();
      for (int worker = 0; worker < workers; worker++) {
        cluster.startWorker();
      }
      SparkSession.Builder session =
          SparkSession.builder()
              .appName("soak")
              .master(cluster.master())
              .config("spark.cores.max", Integer.toString(workers))
              .config(Settings.CONSOLE.key(), "off")
              .config("spark.executor.cores", "1")
              .config("spark.executor.memory", "512m")
              .config("spark.ui.enabled", "false")
              .config("spark.sql.shuffle.partitions", "2")
              .config("spark.scheduler.barrier.maxConcurrentTasksCheck.interval", "1s")
              .config(Settings.MAX_FAILURES.key(), Integer.toString(MAX_FAILURES))
              .config(Settings.BACK_OFF.key(), "10ms")
              .config(Settings.STALL_TIMEOUT.key(), "10s");
      settings.forEach(session::config);
      try (SparkSession spark = session.getOrCreate()) {
        passed = new Soak(options, cluster, spark).passes(directory);
      }
      return passed;
    } finally {
      if (passed) {
        FileUtils.deleteQuietly(directory.toFile());
      } else {
        System.out.println("The logs and stacks are in " + directory);
      }
    }
  }

  private boolean passes(Path directory) throws Exception {
    Phases phases = Phases.sinceLaunch(System.out, System.getenv());
    phases.next("an undisturbed run on one stage");
    TrainingResult undisturbed = training.train(training.plan("1f1b", 1), RunOptions.NONE);
    double minutes = options.number("minutes");
    phases.next("%.1f minutes of runs that are struck", minutes);
    long end = System.nanoTime() + (long) (minutes * TimeUnit.MINUTES.toNanos(1));
    try (Havoc havoc = new Havoc(cluster, watch, options.count("seed"))) {
      havoc.start();
      while (System.nanoTime() < end && hangs == 0) {
        String schedule = SCHEDULES.get(fits % SCHEDULES.size());
        Checkpoints wanted =
            new Checkpoints(
                directory.resolve("run-" + fits).toUri().toString(),
                true,
                CheckpointRhythm.ofSteps(STEPS_BETWEEN_CHECKPOINTS),
                2,
                false,
                model -> {});
        CompletableFuture<TrainingResult> run =
            CompletableFuture.supplyAsync(
                () ->
                    training.train(
                        training.plan(schedule, options.count("stages")), how(wanted, schedule)));
        compare(undisturbed, run, () -> System.nanoTime() > end, havoc);
        fits++;
        phases.next(
            "run %d, %s: %d kills, %d stops, %d resumes so far",
            fits, schedule, havoc.kills(), havoc.stops(), watch.resumes());
      }
      havoc.close();
      spark.sparkContext().listenerBus().waitUntilEmpty();
      tell(havoc);
    }
    return hangs == 0 && wrong == 0;
  }

  private RunOptions how(Checkpoints wanted, String schedule) {
    RunOptions how = RunOptions.NONE.withCheckpoints(wanted);
    return options.text("elastic").equals("true")
        ? how.withElastic(executors -> training.plan(schedule, executors))
        : how;
  }

  /** Waits for a run and compares its end; once the time is over nothing is struck any more. */
  private void compare(
      TrainingResult undisturbed,
      CompletableFuture<TrainingResult> run,
      BooleanSupplier over,
      Havoc havoc)
      throws InterruptedException, IOException {
    while (true) {
      try {
        if (!same(undisturbed, run.get(1, TimeUnit.SECONDS))) {
          wrong++;
          System.out.println(
              "WRONG: the run's weights or losses differ from the undisturbed one's");
        }
        return;
      } catch (ExecutionException failed) {
        wrong++;
        System.out.println("WRONG: the run has failed: " + failed.getCause());
        return;
      } catch (TimeoutException goesOn) {
        if (over.getAsBoolean()) {
          havoc.close();
        }
        if (watch.silence() > options.count("patience")) {
          hangs++;
          stacks();
          return;
        }
      }
    }
  }

  private static boolean same(TrainingResult one, TrainingResult other) {
    Map<Integer, float[]> weights = other.weights().toMap();
    return Arrays.equals(one.stepLosses(), other.stepLosses())
        && one.weights().toMap().keySet().equals(weights.keySet())
        && one.weights().toMap().entrySet().stream()
            .allMatch(entry -> Arrays.equals(entry.getValue(), weights.get(entry.getKey())));
  }

  /** Writes the stacks of this process here, and those of the executors where they log. */
  private void stacks() throws IOException, InterruptedException {
    System.out.println("HANG: no progress for " + options.count("patience") + " s");
    Thread.getAllStackTraces()
        .forEach(
            (thread, frames) -> {
              System.out.println("\"" + thread.getName() + "\" " + thread.getState());
              Arrays.stream(frames).forEach(frame -> System.out.println("\tat " + frame));
            });
    for (ProcessHandle executor : cluster.executors()) {
      // To its standard output, which its worker keeps.
      new ProcessBuilder("kill", "-QUIT", Long.toString(executor.pid())).start().waitFor();
    }
    Thread.sleep(TimeUnit.SECONDS.toMillis(2));
  }

  private void tell(Havoc havoc) {
    Recoveries recoveries = watch.recoveries();
    System.out.println(recoveries.parts());
    new Result()
        .with("fits", fits)
        .with("kills", havoc.kills())
        .with("stops", havoc.stops())
        .with("starts", havoc.starts())
        .with("resumes", watch.resumes())
        .with("recuts", watch.recuts())
        .with("steps_lost", watch.stepsLost())
        .with("recovery_s_median", recoveries.median())
        .with("recovery_s_worst", recoveries.worst())
        .with("hangs", hangs)
        .with("wrong", wrong)
        .print();
  }
}
