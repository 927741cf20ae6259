package io.penstock.examples;

import io.penstock.launch.cluster.PreflightException;
import io.penstock.launch.job.TrainingFailedException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.spark.sql.SparkSession;

/**
 * An example as the command line knows it.
 *
 * @param name as {@code examples/run} takes it
 * @param what what it does, for {@code --help}
 * @param options all that it knows
 */
public record Example(String name, String what, List<Option> options) {

  /** What an example does once its options are right. */
  @FunctionalInterface
  public interface Job {
    /** Does it; an {@link IllegalArgumentException} is told in its own words alone. */
    void run(Options options) throws Exception;
  }

  /** The options of a command line; see {@link Options#parse}. */
  public Options parse(String... arguments) {
    return Options.parse(arguments, options);
  }

  /**
   * Does what the command line asks for: shows the options, or runs the job with them. What is
   * wrong with them, or with the cluster for them, is one message and ends the process with status
   * 2; a training that failed is one too, after what Spark said of it, with status 1.
   */
  public void main(String[] arguments, Job job) throws Exception {
    if (Arrays.asList(arguments).contains("--help")) {
      System.out.print(help());
      return;
    }
    AtomicBoolean ended = new AtomicBoolean();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> ended.set(true)));
    try {
      job.run(parse(arguments));
    } catch (IllegalArgumentException | PreflightException wrong) {
      end(wrong, 2);
    } catch (TrainingFailedException failed) {
      if (!ended.get()) {
        end(failed, 1);
      }
    } catch (Exception failed) {
      if (!ended.get()) { // by Ctrl-C, say, after which everything fails
        throw failed;
      }
    }
  }

  private void end(Exception wrong, int status) {
    // In order, so that it has nothing to say after what was wrong.
    scala.Option<SparkSession> running = SparkSession.getDefaultSession();
    if (running.isDefined()) {
      running.get().stop();
    }
    System.err.println(name + ": " + wrong.getMessage());
    System.exit(status);
  }

  /** What {@code --help} shows: every option with its default and what it is for. */
  String help() {
    int width = options.stream().mapToInt(option -> option.toString().length()).max().orElse(0);
    StringBuilder text =
        new StringBuilder("usage: examples/run ")
            .append(name)
            .append(options.isEmpty() ? "\n\n" : " [--OPTION VALUE]...\n\n")
            .append(what)
            .append(".\n\n");
    for (Option option : options) {
      text.append("  ")
          .append(option)
          .append(" ".repeat(width - option.toString().length() + 3))
          .append(option.what())
          .append('\n');
    }
    return text.append("\n--master, --conf, --gpus and --rapids: see examples/run --help\n")
        .toString();
  }
}
