package io.penstock.bench;

import java.io.IOException;
import org.apache.spark.launcher.JavaModuleOptions;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * The hot pieces one by one, by JMH: {@code examples/run jmh [pattern] [JMH's options]}. Adds to
 * JMH's own start what Spark needs of the JVM.
 */
public final class Jmh {
  private Jmh() {}

  /** Runs the benchmarks; a wrong option ends it with exit status 2. */
  public static void main(String[] arguments) throws RunnerException {
    try {
      CommandLineOptions own = new CommandLineOptions(arguments);
      if (own.shouldHelp()) {
        own.showHelp();
      } else if (own.shouldList()) {
        new Runner(own).list();
      } else {
        String[] modules = JavaModuleOptions.defaultModuleOptions().split(" ");
        new Runner(new OptionsBuilder().parent(own).jvmArgsPrepend(modules).build()).run();
      }
    } catch (NoBenchmarksException none) {
      end("no benchmark matches '" + String.join(" ", arguments) + "'; -l lists those there are");
    } catch (CommandLineOptionException | IOException wrong) {
      end(wrong.getMessage());
    }
  }

  private static void end(String wrong) {
    System.err.println("jmh: " + wrong);
    System.exit(2);
  }
}
