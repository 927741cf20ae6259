package io.penstock.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.testing.Command;
import io.penstock.testing.Lines;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code examples/run} itself, in a working copy whose folder has an odd name. */
@Timeout(300)
@Tag("slow")
class LauncherTest {
  private static final String ODD = "with space %41+&(1)#'$x~";

  /** Says what it was asked, and is Java 17. */
  static final String ECHO =
      """
      case "$*" in
        -version) echo 'openjdk version "17.0.1"' >&2 ;;
        *SUBMITTED*) printf '%s\\n' "$@" ;;
        *)
          printf '\\0\\n'
          for word in java --add-modules=jdk.incubator.vector SUBMITTED "$@"; do
            printf '%s\\0' "$word"
          done ;;
      esac\
      """;

  @TempDir static Path folder;

  private static Checkout checkout;

  @BeforeAll
  static void copy() throws Exception {
    checkout = Checkout.in(folder.resolve(ODD));
  }

  private static Command.Outcome run(String... arguments) throws Exception {
    return checkout.run(Map.of(), arguments);
  }

  private static Command.Outcome withJava(String java, String... arguments) throws Exception {
    Path bin = checkout.fakeJava(java);
    String path = bin + ":" + System.getenv("PATH");
    return checkout.run(Map.of("PATH", path, "JAVA_HOME", ""), arguments);
  }

  private static void assertOneSentence(String sentence, Command.Outcome outcome) {
    assertEquals(1, outcome.status(), outcome.err());
    assertEquals(1, outcome.err().lines().count(), outcome.err());
    assertTrue(outcome.err().startsWith("examples/run: "), outcome.err());
    assertTrue(outcome.err().contains(sentence), outcome.err());
  }

  @Test
  void aJobRunsOnAnExecutorWhateverTheFoldersName() throws Exception {
    Command.Outcome outcome = run("fashion-mnist", "--stages", "1", "--epochs", "1");
    assertEquals(0, outcome.status(), outcome.err());
    List<String> lines = outcome.out().lines().toList();
    assertTrue(
        lines.get(lines.size() - 1).startsWith("RESULT stages=1 executors=1 "), lines::toString);
    assertEquals(
        "starting Java|starting Spark|planning|waiting for 1 executor|reading and packing rows"
            + "|handing the rows to the stages|first step|training on 1 stage|making the model"
            + "|measuring on the test images|saving and loading the model|stopping Spark",
        String.join("|", PhasesTest.table(lines)));
    assertQuiet(outcome);
  }

  @Test
  void aJobRunsOnThreadsAndTellsEveryPhase() throws Exception {
    Command.Outcome outcome = run("three-layer", "--rows", "8", "--width", "16", "--steps", "1");
    assertEquals(0, outcome.status(), outcome.err());
    assertTrue(outcome.out().contains("same_weights=true"), outcome.out());
    List<String> phases = outcome.out().lines().filter(line -> line.startsWith("[")).toList();
    assertEquals(7, phases.size(), phases.toString());
    assertQuiet(outcome);
  }

  /** No word of the JVM's, and settings of the log that were found. */
  private static void assertQuiet(Command.Outcome outcome) {
    assertFalse(outcome.err().contains("incubator"), outcome.err());
    assertFalse(outcome.err().contains("StatusLogger"), outcome.err());
    assertFalse(outcome.err().contains("Using Spark's default log4j"), outcome.err());
  }

  /** Once Spark runs, it is stopped first: what is wrong is the last thing said. */
  @Test
  void whatOnlyTheClusterTellsIsTheLastLine() throws Exception {
    Command.Outcome few =
        run("fashion-mnist", "--stages", "2", "--master", "local-cluster[1,1,1024]");
    assertEquals(2, few.status(), few.err());
    List<String> lines = few.err().lines().toList();
    assertTrue(lines.get(lines.size() - 2).startsWith("fashion-mnist: Cannot train"), few.err());
    assertFalse(few.err().contains("\tat "), few.err());
  }

  @Test
  void aTrainingThatFailsEndsWithItsSentence() throws Exception {
    Command.Outcome diverged =
        run(
            "fashion-mnist",
            "--stages=1",
            "--master=local[1]",
            "--epochs=1",
            "--learning-rate=1e30");
    assertEquals(1, diverged.status(), diverged.err());
    List<String> lines = diverged.err().lines().toList();
    assertTrue(lines.get(lines.size() - 1).startsWith("fashion-mnist: "), diverged.err());
    assertFalse(diverged.err().contains("Exception in thread"), diverged.err());
  }

  @Test
  void whatIsWrongIsAllThatIsSaidAndNoClusterStarts() throws Exception {
    Command.Outcome data = run("fashion-mnist", "--data", "/nowhere");
    assertEquals(2, data.status(), data.err());
    assertEquals("", data.out());
    assertEquals(1, data.err().lines().count(), data.err());
    assertTrue(data.err().startsWith("fashion-mnist: No Fashion-MNIST in '/nowhere'"), data.err());
  }

  /** As Ctrl-C does, but for a build in the background of a script, which ignores that. */
  @Test
  void aJobThatIsEndedEndsInFewWords() throws Exception {
    Path err = folder.resolve("ended");
    Process job =
        checkout
            .launcher(Map.of(), "fashion-mnist", "--stages", "1", "--epochs", "10000")
            .redirectError(err.toFile())
            .start();
    try {
      new Lines(job.getInputStream()).next(Pattern.compile("^epoch +1 of"));
      job.destroy();
      assertTrue(job.waitFor() > 128);
    } finally {
      Command.end(job);
    }
    String said = Files.readString(err);
    for (String needless :
        List.of("Failed to launch executor", "one-way message", "Exception in thread \"main\"")) {
      assertFalse(said.contains(needless), said);
    }
  }

  @Test
  void anExampleWithoutSparkSaysWhatIsWrongTheSameWay() throws Exception {
    Command.Outcome plan = run("plan", "--stages", "2");
    assertEquals(0, plan.status(), plan.err());
    assertTrue(plan.out().startsWith("1f1b on 2 ranks"), plan.out());
    Command.Outcome auto = run("plan", "--schedule", "auto");
    assertEquals(2, auto.status(), auto.err());
    assertEquals(1, auto.err().lines().count(), auto.err());
    assertTrue(auto.err().startsWith("plan: --schedule is 'auto': "), auto.err());
  }

  @Test
  void aScheduleThatThereIsNotIsRefusedBeforeAnythingIsPrinted() throws Exception {
    Command.Outcome nope = run("sleeping-stages", "--schedule", "nope");
    assertEquals(2, nope.status(), nope.err());
    assertEquals("", nope.out());
    assertEquals(1, nope.err().lines().count(), nope.err());
    assertTrue(
        nope.err().startsWith("sleeping-stages: --schedule is 'nope': choose among gpipe, "),
        nope.err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"etl", "plan"})
  void helpShowsTheOptionsOfAnExample(String name) throws Exception {
    Command.Outcome help = run(name, "--stages", "3", "--help");
    assertEquals(0, help.status(), help.err());
    assertEquals("", help.err());
    assertTrue(help.out().startsWith("usage: examples/run " + name), help.out());
    assertTrue(help.out().contains("\n  --stages "), help.out());
  }

  @Test
  void aFolderThatNoClassPathCanNameIsRefused() throws Exception {
    for (String name : List.of("a:b", "a,b", "a;b", "a[b", "a]b", "a{b", "a*b", "a\"b", "a\\b")) {
      Path root = Files.createDirectory(folder.resolve(name));
      Path examples = Files.createDirectory(root.resolve("examples"));
      for (String file : List.of("run", "launch.sh")) {
        Files.copy(
            Checkout.ORIGINAL.resolve("examples").resolve(file),
            examples.resolve(file),
            StandardCopyOption.COPY_ATTRIBUTES);
      }
      Command.Outcome refused = new Checkout(root).run(Map.of(), "three-layer");
      assertOneSentence("this checkout lies in '" + root + "'", refused);
    }
  }

  @Test
  void anOldJavaIsCalledByItsVersion() throws Exception {
    assertOneSentence(
        "is Java 8; Spark 4.0 runs on 17 to 22",
        withJava("echo 'openjdk version \"1.8.0_412\"' >&2", "three-layer"));
    assertOneSentence(
        "is Java 11;", withJava("echo 'openjdk version \"11.0.2\" 2019' >&2", "three-layer"));
    assertOneSentence("is Java unknown;", withJava("exit 1", "three-layer"));
  }

  @Test
  void aSparkHomeWithoutASparkIsNamed() throws Exception {
    String home = folder.resolve("no spark").toString();
    Command.Outcome missing = checkout.run(Map.of("SPARK_HOME", home), "three-layer");
    assertOneSentence("SPARK_HOME is '" + home + "', but there is no such folder", missing);
    Files.createDirectory(Path.of(home));
    Command.Outcome empty = checkout.run(Map.of("SPARK_HOME", home), "three-layer");
    assertOneSentence("there is no folder jars in it", empty);
    Files.createDirectory(Path.of(home, "jars"));
    Files.createFile(Path.of(home, "jars", "spark-core_2.12-3.5.6.jar"));
    Command.Outcome other = checkout.run(Map.of("SPARK_HOME", home), "three-layer");
    assertOneSentence("no spark-core_2.13", other);
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.4.1", "3.3.4-custom", "2.4.8"})
  void aSparkHomeThatIsTooOldIsCalledByItsVersion(String version) throws Exception {
    Path home = sparkHome(version);
    Command.Outcome old = checkout.run(Map.of("SPARK_HOME", home.toString()), "three-layer");
    assertOneSentence("SPARK_HOME is '" + home + "', a Spark " + version + ": name a 3.5,", old);
  }

  @Test
  void aSparkHomeThatIsNewerThanTheTestsIsTakenWithAWarning() throws Exception {
    for (String version : List.of("3.5.6", "4.0.2", "4.1.0-preview1", "4.2.0", "10.0.0")) {
      Command.Outcome taken = withSpark(sparkHome(version));
      assertEquals(0, taken.status(), taken.err());
      assertTrue(taken.out().contains("org.apache.spark.deploy.SparkSubmit"), taken.out());
      boolean newer = version.equals("4.2.0") || version.equals("10.0.0");
      assertEquals(newer, taken.err().contains("a Spark " + version + "; tested are"), taken.err());
    }
  }

  private static Command.Outcome withSpark(Path home) throws Exception {
    String path = checkout.fakeJava(ECHO) + ":" + System.getenv("PATH");
    Map<String, String> environment =
        Map.of("PATH", path, "JAVA_HOME", "", "SPARK_HOME", home.toString());
    return checkout.run(environment, "three-layer");
  }

  private static Path sparkHome(String version) throws Exception {
    Path home = folder.resolve("spark " + version);
    Path jars = Files.createDirectories(home.resolve("jars"));
    Files.createFile(jars.resolve("spark-core_2.13-" + version + ".jar"));
    return home;
  }

  @Test
  void aMasterThatIsNotThereIsSaidAtOnce() throws Exception {
    int port;
    try (ServerSocket closed = new ServerSocket(0)) {
      port = closed.getLocalPort();
    }
    String master = "spark://localhost:" + port;
    assertOneSentence("no master answers at " + master, run("three-layer", "--master", master));
  }

  @Test
  void aMasterThatTakesConnectionsIsGivenToSpark() throws Exception {
    try (ServerSocket open = new ServerSocket(0)) {
      String master = "spark://gone.invalid:1,localhost:" + open.getLocalPort();
      Command.Outcome outcome = withJava(ECHO, "three-layer", "--master", master);
      assertEquals(0, outcome.status(), outcome.err());
      assertTrue(outcome.out().contains("--master\n" + master + "\n"), outcome.out());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"local[0]", "local[two]", "local-cluster[2,1]", "spark:/host", "mesos://a:1", "x"})
  void aMasterThatSparkDoesNotKnowIsRefused(String master) throws Exception {
    assertOneSentence("--master is '" + master + "': write ", run("etl", "--master", master));
  }

  @Test
  void thePlanChoosesAmongTheUsualExecutorsOrThoseOfTheMaster() throws Exception {
    Command.Outcome usual = withJava(ECHO, "fashion-mnist", "--stages", "0");
    assertEquals(0, usual.status(), usual.err());
    assertTrue(usual.out().contains("--master\nlocal-cluster[2,1,1024]\n"), usual.out());
    assertTrue(usual.out().contains("--stages\n0\n"), usual.out());
    String four = "local-cluster[4,1,1024]";
    Command.Outcome named = withJava(ECHO, "gpt", "--stages=0", "--master", four);
    assertTrue(named.out().contains("--master\n" + four + "\n"), named.out());
    assertOneSentence("--stages is '0': write ", run("bench", "--stages", "0"));
    assertOneSentence("--stages is '-1': write ", run("etl", "--stages", "-1"));
  }

  @Test
  void theDriverStartsWithoutTheModuleOfWhichEveryJvmWarns() throws Exception {
    Command.Outcome outcome = withJava(ECHO, "three-layer");
    assertEquals(0, outcome.status(), outcome.err());
    assertTrue(outcome.out().contains("org.apache.spark.deploy.SparkSubmit"), outcome.out());
    assertFalse(outcome.out().contains("incubator"), outcome.out());
  }
}
