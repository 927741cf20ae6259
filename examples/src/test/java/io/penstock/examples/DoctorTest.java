package io.penstock.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.testing.Command;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code examples/run doctor} on machines that lack something: scripts are in the place of tools.
 */
@Timeout(300)
class DoctorTest {
  private static final String JAVA_17 =
      """
      case "$*" in
        -version) echo 'openjdk version "17.0.1"' >&2 ;;
        *SUBMITTED*) echo "ok    kernels    asked" ;;
        *)
          printf '\\0\\n'
          for word in "$0" SUBMITTED "$@"; do printf '%s\\0' "$word"; done ;;
      esac\
      """;

  /** Large enough, on whatever machine the test runs. */
  private static final String MEMORY =
      "case $1 in _PHYS_PAGES) echo %d ;; PAGE_SIZE) echo 4096 ;; *) echo 4 ;; esac";

  private static final String CAN = "doctor: the main job can run: examples/run fashion-mnist";
  private static final String CANNOT =
      "doctor: the main job cannot run yet: mend what is BAD above";

  @TempDir static Path folder;
  private static Checkout checkout;

  @TempDir private Path tools;
  private final Map<String, String> environment = new HashMap<>();

  @BeforeAll
  static void copy() throws Exception {
    checkout = Checkout.in(folder.resolve("a checkout"));
  }

  @BeforeEach
  void aMachineThatHasAll() throws Exception {
    tool("java", JAVA_17);
    tool("javac", "");
    tool("mvn", "echo 'Apache Maven 3.9.6 (some)'");
    tool("nproc", "echo 4");
    environment.put("PATH", tools + ":" + System.getenv("PATH"));
    environment.put("JAVA_HOME", "");
    setBuilt(true);
  }

  private void tool(String name, String body) throws Exception {
    script(tools, name, body);
  }

  private static void script(Path directory, String name, String body) throws Exception {
    Path tool = Files.writeString(directory.resolve(name), "#!/bin/sh\n" + body + "\n");
    assertTrue(tool.toFile().setExecutable(true));
  }

  /** As after a build, or before the first. */
  private static void setBuilt(boolean built) throws Exception {
    Path mark = checkout.root().resolve("examples/target/built-for-run");
    Files.deleteIfExists(mark);
    if (built) {
      Files.createFile(mark);
    }
  }

  private Command.Outcome doctor(String... arguments) throws Exception {
    String[] all = new String[arguments.length + 1];
    all[0] = "doctor";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return checkout.run(environment, all);
  }

  private static void assertFound(String finding, Command.Outcome outcome) {
    assertTrue(
        outcome.out().lines().anyMatch(line -> line.matches(finding)),
        () -> "not " + finding + " in\n" + outcome.out() + outcome.err());
  }

  private static void assertCannot(Command.Outcome outcome) {
    assertEquals(1, outcome.status(), outcome.out());
    assertTrue(outcome.out().contains(CANNOT), outcome.out());
    assertFalse(outcome.out().contains("asked"), "Spark was started: " + outcome.out());
  }

  @Test
  void withAllThereSparkIsAskedLast() throws Exception {
    Command.Outcome well = doctor();
    assertEquals(0, well.status(), well.out() + well.err());
    assertFound("ok +Java +17\\.0\\.1 at .*", well);
    assertFound("ok +Maven +3\\.9\\.6 at .*", well);
    assertFound("ok +build +up to date", well);
    assertFound("ok +Spark +\\S+ of Maven's jars, .*", well);
    assertFound("ok +kernels +asked", well);
    assertTrue(well.out().lines().noneMatch(line -> line.startsWith("BAD")), well.out());
  }

  @Test
  void nothingIsBuiltUnasked() throws Exception {
    setBuilt(false);
    tool("mvn", "case $* in -v) echo 'Apache Maven 3.6.3' ;; *) echo BUILDS; exit 1 ;; esac");
    Command.Outcome unbuilt = doctor();
    assertEquals(0, unbuilt.status(), unbuilt.out());
    assertFound("note +build +nothing is built: the first examples/run builds it, .*", unbuilt);
    assertTrue(unbuilt.out().contains(CAN), unbuilt.out());
    assertFalse((unbuilt.out() + unbuilt.err()).contains("BUILDS"), unbuilt.out());
  }

  @Test
  void aSourceThatIsNewIsNotBuiltUnaskedEither() throws Exception {
    Path mark = checkout.root().resolve("examples/target/built-for-run");
    Files.setLastModifiedTime(mark, FileTime.from(Instant.EPOCH));
    Command.Outcome old = doctor();
    assertEquals(0, old.status(), old.out());
    assertFound("note +build +older than its sources .*", old);
  }

  @Test
  void withoutJavaTheRestIsSaid() throws Exception {
    environment.put("JAVA_HOME", "/nowhere");
    Command.Outcome none = doctor();
    assertFound("BAD +Java +no Java in JAVA_HOME=/nowhere: install JDK 17 .*", none);
    assertFound("(ok|BAD) +memory +.*", none);
    assertFound("ok +master +local-cluster\\[2,1,1024\\]", none);
    assertCannot(none);
  }

  @Test
  void anOldJavaIsBad() throws Exception {
    tool("java", "echo 'openjdk version \"11.0.2\" 2019' >&2");
    Command.Outcome old = doctor();
    assertFound("BAD +Java +.*java is Java 11; Spark 4.0 runs on 17 to 22: .*", old);
    assertCannot(old);
  }

  @Test
  void mavenAndACompilerAreNeededToBuildAlone() throws Exception {
    tool("mvn", "echo 'Apache Maven 3.5.4 (some)'");
    Files.delete(tools.resolve("java"));
    Files.delete(tools.resolve("javac"));
    Path jre = Files.createDirectories(tools.resolve("jre/bin"));
    script(jre, "java", JAVA_17);
    environment.put("JAVA_HOME", jre.getParent().toString());
    Command.Outcome built = doctor();
    assertEquals(0, built.status(), built.out());
    assertFound("note +Maven +.*mvn is Maven 3\\.5\\.4: install 3\\.6\\.3 or newer .*", built);
    assertFound("note +compiler +no compiler beside .*", built);
    setBuilt(false);
    Command.Outcome unbuilt = doctor();
    assertFound("BAD +Maven +.*mvn is Maven 3\\.5\\.4: install 3\\.6\\.3 or newer .*", unbuilt);
    assertFound("BAD +compiler +no compiler beside .*: install a JDK, not a JRE .*", unbuilt);
    assertCannot(unbuilt);
  }

  @Test
  void anEarlyEnoughMavenIsTakenWhateverTheLengthOfItsVersion() throws Exception {
    for (String version : List.of("3.6.3", "3.10", "4.0.0", "4")) {
      tool("mvn", "printf '\\033[1mApache Maven " + version + "\\033[m\\n'");
      assertFound("ok +Maven +" + version + " at .*", doctor());
    }
  }

  @Test
  void memoryThatIsTooSmallIsBadWithWhatStillGoes() throws Exception {
    tool("getconf", MEMORY.formatted(2000 * 256));
    Command.Outcome little = doctor();
    assertFound(
        "BAD +memory +\\d+ MiB free, but local-cluster.* takes \\d+: .*'local\\[2\\]'", little);
    assertCannot(little);
    assertFound("ok +memory +.*", doctor("--master", "local[2]"));
    tool("getconf", MEMORY.formatted(100 * 256));
    assertFound(
        "BAD +memory +100 MiB free, .* or take a larger machine", doctor("--master=local[2]"));
  }

  @Test
  void fewerCoresThanStagesAreNoted() throws Exception {
    tool("nproc", "echo 1");
    assertFound("note +cores +1, for 2 stages: .*", doctor());
    assertFound("ok +cores +1", doctor("--stages", "1"));
  }

  @Test
  void gpusAreListedOrMissedWhereTheyAreAskedFor() throws Exception {
    tool("nvidia-smi", "echo 'NVIDIA L4, 23034 MiB, 8.9'; echo 'NVIDIA L4, 23034 MiB, 8.9'");
    assertFound(
        "ok +GPU +NVIDIA L4, 23034 MiB, 8\\.9; NVIDIA L4, .*on a cluster with --gpus", doctor());
    tool("nvidia-smi", "echo 'NVIDIA-SMI has failed'; exit 9");
    assertFound("note +GPU +nvidia-smi says: NVIDIA-SMI has failed: .*", doctor());
    assertFound("BAD +GPU +.*install the driver, or leave --gpus out", doctor("--gpus"));
  }

  @Test
  void aSparkHomeWithoutASparkIsBad() throws Exception {
    environment.put("SPARK_HOME", "/nowhere");
    Command.Outcome wrong = doctor();
    assertFound("BAD +Spark +SPARK_HOME is '/nowhere', but there is no such folder: .*", wrong);
    assertCannot(wrong);
  }

  @Test
  void aMasterThatIsNotThereIsBad() throws Exception {
    int port;
    try (ServerSocket closed = new ServerSocket(0)) {
      port = closed.getLocalPort();
    }
    Command.Outcome gone = doctor("--master", "spark://localhost:" + port);
    assertFound("BAD +master +no master answers at spark://localhost:" + port + ": .*", gone);
    assertCannot(gone);
    assertFound(
        "BAD +master +--master is 'mesos://a:1': write .*", doctor("--master", "mesos://a:1"));
  }

  @Test
  void realExecutorsTellWhatTheyComputeWith() throws Exception {
    environment.clear();
    Command.Outcome here = doctor("--master", "local-cluster[1,1,1024]", "--stages", "1");
    assertFound("ok +slots +1 for 1 stage", here);
    assertFound("ok +kernels +an executor computes with .* 1 thread, .*", here);
    assertTrue(here.out().endsWith(CAN + "\n"), here.out());
    assertEquals(0, here.status());
  }

  @Test
  void fewerSlotsThanStagesAreBad() throws Exception {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", "false")
            .getOrCreate()) {
      PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
      assertFalse(Doctor.examine(spark, 2, out));
    }
    String line = said.toString(StandardCharsets.UTF_8);
    assertTrue(line.startsWith("BAD   slots      1, but 2 stages take one each: "), line);
  }
}
