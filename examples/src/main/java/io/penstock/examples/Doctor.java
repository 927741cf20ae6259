package io.penstock.examples;

import io.penstock.Amount;
import io.penstock.compute.Arithmetic;
import io.penstock.launch.cluster.NativeRuntime;
import io.penstock.launch.job.ProfileJob;
import java.io.PrintStream;
import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * Looks whether a cluster has what the main job needs: executors for the stages, and what these
 * compute with. {@code examples/run doctor} asks it last, when all that can be told without Spark
 * is in order: {@code examples/doctor.sh}.
 *
 * <p>{@code examples/run doctor [--stages 2] [--master MASTER]}
 */
public final class Doctor {
  private static final Example EXAMPLE =
      new Example(
          "doctor",
          "Looks at Java, Maven, memory, cores, GPUs, Spark, slots and kernels, and says what to"
              + " do",
          List.of(Stages.option()));

  /** What a process computes with, and what is wrong with that; the latter may be empty. */
  private record Kernels(String line, String complaint) implements Serializable {}

  private Doctor() {}

  /** Looks, says what it finds and ends with status 1 where the main job cannot run. */
  public static void main(String[] arguments) throws Exception {
    EXAMPLE.main(
        arguments,
        options -> {
          SparkSession spark = SparkSession.builder().appName("doctor").getOrCreate();
          int stages = options.optional("stages", 0).orElseThrow();
          boolean able = examine(spark, stages, System.out);
          spark.stop();
          System.out.println(
              able
                  ? "doctor: the main job can run: examples/run fashion-mnist"
                  : "doctor: the main job cannot run yet: mend what is BAD above, then ask again");
          if (!able) {
            System.exit(1);
          }
        });
  }

  /**
   * Prints a line a finding, as {@code examples/doctor.sh} does.
   *
   * @param stages of the job, an executor each; 0 for as many as pay
   * @param out where the lines go
   * @return whether all of them find one
   */
  static boolean examine(SparkSession spark, int stages, PrintStream out) {
    SparkContext context = spark.sparkContext();
    int wanted = Math.max(1, stages);
    int offered = Math.min(ProfileJob.offered(context, wanted), registered(context, wanted));
    if (offered < wanted) {
      tell(
          out,
          "BAD",
          "slots",
          offered
              + ", but "
              + new Amount(wanted, "stage").with("takes", "take")
              + " one each: "
              + more(context));
      return false;
    }
    tell(out, "ok", "slots", offered + " for " + new Amount(wanted, "stage"));
    List<Kernels> kernels =
        new JavaSparkContext(context)
            .parallelize(IntStream.range(0, wanted).boxed().toList(), wanted)
            .map(slot -> kernels())
            .distinct()
            .collect();
    for (Kernels one : kernels) {
      tell(out, "ok", "kernels", "an executor " + one.line());
      if (!one.complaint().isEmpty()) {
        tell(out, "note", "kernels", one.complaint());
      }
    }
    if (kernels.size() > 1) {
      tell(
          out,
          "note",
          "kernels",
          "they differ, and with them the last bits of results: spark.penstock.compute.isa names"
              + " one instruction set for all");
    }
    return true;
  }

  /** Executors that have come, at most so many; in local mode, threads take their place. */
  private static int registered(SparkContext context, int most) {
    int withDriver = context.statusTracker().getExecutorInfos().length;
    return context.isLocal() ? most : Math.min(most, withDriver - 1);
  }

  private static String more(SparkContext context) {
    return context.isLocal()
        ? "give --master 'local[N]' more threads, or ask for fewer --stages"
        : "give --master "
            + context.master()
            + " more free executors (cores and memory as conf/ says), or ask for fewer --stages";
  }

  private static Kernels kernels() {
    NativeRuntime.chooseKernels();
    Arithmetic here = Arithmetic.here(TaskContext.get().cpus());
    return new Kernels(here.line(), here.complaint().orElse(""));
  }

  private static void tell(PrintStream out, String mark, String about, String what) {
    out.println(
        mark
            + " ".repeat(6 - mark.length())
            + about
            + " ".repeat(Math.max(1, 11 - about.length()))
            + what);
  }
}
