package io.penstock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.testing.Command;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code .ci/run} beside a Maven that is none. */
@Timeout(120)
class CiRunTest {
  private static final Path RUN = Path.of(System.getProperty("penstock.root"), ".ci/run");

  @TempDir private Path tools;

  private Command.Outcome run(String maven) throws Exception {
    for (String there :
        List.of("apt-get", "jupyter-nbconvert", "fc-list", "chromium", "chromedriver")) {
      FakeTool.in(tools, there, "exit 0");
    }
    FakeTool.in(tools, "mvn", "echo \"asked: $*\"; " + maven);
    ProcessBuilder builder = new ProcessBuilder(RUN.toString()).redirectErrorStream(true);
    builder.environment().put("PATH", tools + ":" + System.getenv("PATH"));
    return Command.run(builder);
  }

  @Test
  void everyModulesTestsRunWhateverFailsBefore() throws Exception {
    Command.Outcome good = run("echo '[INFO] BUILD SUCCESS'");
    assertEquals(0, good.status(), good.out());
    assertTrue(good.out().contains("--fail-at-end"), good.out());
    assertTrue(good.out().contains("-Dmaven.test.failure.ignore=true"), good.out());
    assertTrue(good.out().contains(" -Papp verify"), good.out());
  }

  @Test
  void aFailedTestFailsTheRunThoughMavenGoesOn() throws Exception {
    String line = "[ERROR]   SomeTest.rule:12 expected: <1> but was: <2>";
    Command.Outcome failed = run("echo '" + line + "'; echo '[INFO] BUILD SUCCESS'");
    assertEquals(1, failed.status(), failed.out());
    assertTrue(failed.out().endsWith("Maven calls an error:\n" + line + "\n"), failed.out());
  }

  @Test
  void aMavenThatFailsOrDiesFailsTheRun() throws Exception {
    assertNotEquals(0, run("echo '[ERROR] Compilation failure'; exit 1").status());
    assertNotEquals(0, run("kill -9 $$").status());
  }
}
