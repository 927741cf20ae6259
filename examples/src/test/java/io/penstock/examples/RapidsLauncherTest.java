package io.penstock.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.testing.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code examples/run NAME --rapids}, where all is built but what a test says. */
@Timeout(120)
class RapidsLauncherTest {
  private static final FileTime LONG_AGO = FileTime.fromMillis(0);

  @TempDir private Path folder;
  private Checkout checkout;
  private Path rapids;
  private Path own;
  private Path bin;

  /** How Maven was started, a line each time. */
  private Path built;

  @BeforeEach
  void copy() throws Exception {
    checkout = Checkout.in(folder.resolve("checkout"));
    Path module = checkout.root().resolve("rapids");
    Path target = Files.createDirectories(module.resolve("target"));
    Files.createDirectories(module.resolve("src/main"));
    Files.createFile(module.resolve("pom.xml"));
    Files.createFile(Files.createDirectories(module.resolve("parent")).resolve("pom.xml"));
    rapids = Files.createFile(folder.resolve("rapids-4-spark_2.13-0-cuda.jar"));
    Files.writeString(target.resolve("rapids-jar"), rapids.toString());
    own = Files.createFile(target.resolve("penstock-rapids-0.jar"));
    Files.createFile(target.resolve("built-for-run"));
    fakeTools();
  }

  /**
   * Java says how it was started; Maven writes that down, and makes an empty folder of libraries.
   */
  private void fakeTools() throws IOException {
    bin = checkout.fakeJava(LauncherTest.ECHO);
    Path compiler = Files.createFile(bin.resolve("javac"));
    Path lib = checkout.root().resolve("examples/target/lib");
    built = folder.resolve("built");
    String script =
        "#!/bin/sh\ncase $1 in -v) echo 'Apache Maven 3.8.7' && exit ;; esac\n"
            + "echo \"$*\" >>'"
            + built
            + "'\nmkdir -p '"
            + lib
            + "'\n";
    Path maven = Files.writeString(bin.resolve("mvn"), script);
    assertTrue(compiler.toFile().setExecutable(true) && maven.toFile().setExecutable(true));
  }

  private Command.Outcome run(String... arguments) throws Exception {
    String path = bin + ":" + System.getenv("PATH");
    return checkout.run(Map.of("PATH", path, "JAVA_HOME", ""), arguments);
  }

  /** By --jars, for driver and executors: the one is linked with the other. */
  @Test
  void rapidsComesWithPenstocksJarForIt() throws Exception {
    Command.Outcome outcome = run("etl", "--rapids");
    assertEquals(0, outcome.status(), outcome.err());
    assertEquals("", outcome.err());
    assertTrue(outcome.out().contains("--jars\n" + rapids + "," + own + "\n"), outcome.out());
    assertTrue(outcome.out().contains("spark.plugins=com.nvidia.spark.SQLPlugin,"), outcome.out());
  }

  @Test
  void bothAreBuiltWhereTheyAreMissingOrOlderThanASource() throws Exception {
    Files.setLastModifiedTime(checkout.root().resolve("rapids/target/built-for-run"), LONG_AGO);
    assertEquals(0, run("etl", "--rapids").status());
    assertBuilt(1);
    assertEquals(0, run("etl", "--rapids").status());
    assertBuilt(1);
    Files.delete(rapids);
    assertEquals(0, run("etl", "--rapids").status());
    assertBuilt(2);
  }

  private void assertBuilt(int times) throws IOException {
    List<String> lines = Files.readAllLines(built);
    assertEquals(times, lines.size(), lines::toString);
    for (String line : lines) {
      assertTrue(line.contains(" -pl examples -am "), line);
      assertTrue(line.contains(" -Prapids -pl rapids "), line);
    }
  }

  @Test
  void nothingOfItIsFetchedOrSaidWithoutTheOption() throws Exception {
    Files.delete(checkout.root().resolve("examples/target/built-for-run"));
    Command.Outcome outcome = run("etl");
    assertEquals(0, outcome.status(), outcome.err());
    String maven = Files.readString(built);
    assertTrue(maven.contains(" -pl examples -am "), maven);
    String all = outcome.out() + outcome.err() + maven;
    assertFalse(all.contains("rapids"), all);
  }
}
