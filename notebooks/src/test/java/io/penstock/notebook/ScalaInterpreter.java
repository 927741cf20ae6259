package io.penstock.notebook;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import scala.Console$;
import scala.jdk.javaapi.CollectionConverters;
import scala.tools.nsc.Settings;
import scala.tools.nsc.interpreter.IMain;
import scala.tools.nsc.interpreter.Results;
import scala.tools.nsc.interpreter.shell.ReplReporterImpl;

/**
 * Scala's own interpreter with a Spark, as spark-shell and Zeppelin's interpreter for Spark have
 * it: classes of what is interpreted go into a folder, from which executors fetch them.
 */
final class ScalaInterpreter implements AutoCloseable {
  /** What came of a piece of code: whether all of it ran, and what it printed. */
  record Outcome(boolean success, String text) {}

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
  private final ClassLoader before = Thread.currentThread().getContextClassLoader();
  private final IMain main;
  private final SparkSession spark;

  ScalaInterpreter(SparkSession.Builder builder) throws IOException {
    Path classes = Files.createTempDirectory(Path.of("").toAbsolutePath(), "scala-classes");
    Settings settings = new Settings();
    settings.processArguments(
        scala(
            List.of(
                "-Yrepl-class-based",
                "-Yrepl-outdir",
                classes.toString(),
                "-classpath",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")))),
        true);
    ReplReporterImpl reporter = new ReplReporterImpl(settings, new PrintWriter(out, true));
    reporter.printResults_$eq(false);
    main = new IMain(settings, reporter);
    main.initializeCompiler();
    Thread.currentThread().setContextClassLoader(main.classLoader());
    spark = builder.config("spark.repl.class.outputDir", classes.toString()).getOrCreate();
    bind("spark", "org.apache.spark.sql.SparkSession", spark);
    bind("sc", "org.apache.spark.SparkContext", spark.sparkContext());
  }

  private void bind(String name, String type, Object value) {
    Results.Result done = main.bind(name, type, value, scala(List.of("@transient")));
    if (!(done instanceof Results.Success$)) {
      throw new IllegalStateException("cannot bind " + name + ": " + text());
    }
  }

  private static scala.collection.immutable.List<String> scala(List<String> texts) {
    return CollectionConverters.asScala(texts).toList();
  }

  Outcome run(String code) {
    printed.reset();
    Results.Result[] result = new Results.Result[1];
    Console$.MODULE$.withOut(
        out,
        () -> {
          result[0] = main.interpret(code);
          return null;
        });
    return new Outcome(result[0] instanceof Results.Success$, text());
  }

  private String text() {
    out.flush();
    return printed.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    spark.close();
    main.close();
    Thread.currentThread().setContextClassLoader(before);
  }
}
