package io.penstock.docs;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that a page must not show, and why each is refused. */
@Timeout(300)
class CommandsTest {
  @TempDir static Path checkout;

  private static Sources sources;
  private static Launcher launcher;
  private static Commands commands;

  @BeforeAll
  static void read() throws Exception {
    launcher = Launcher.in(checkout, Repository.OWN);
    sources = Sources.of(Repository.OWN);
    commands = Commands.of(Repository.OWN, sources, launcher);
  }

  private static List<String> complaints(String text) throws Exception {
    return commands.complaints(Bad.block("bash", text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "examples/run",
        "examples/run plan --help",
        "examples/run fashion-mnist --data DIR --epochs 1",
        "examples/run three-layer --master spark://HOST:7077 --rows 8",
        "examples/run bench --executors threads --stages 1,2",
        "examples/run jmh LayerBenchmark -p layer=dense",
        "mvn -q -pl spark-plugin test -Dtest='*FuzzTest' -Dpenstock.fuzz.seed=7",
        "mvn -pl examples -am test -Dtest=NAME",
        "mvn -Pcuda package -DskipTests",
        "spark-submit --master spark://HOST:7077 --properties-file conf/local.conf --class CLASS"
            + " JOB.jar",
        "spark-shell --conf spark.plugins=x",
        "notebooks/run --update",
        "notebooks/install-kernel && jupyter notebook notebooks/jupyter",
        "sudo apt-get install maven",
        "examples/run etl --rapids --master 'local[2]' --rows 10",
        "examples/run three-layer --gpus",
        "cd $(cat examples/target/lib)",
      })
  void whatIsThereIsTaken(String command) throws Exception {
    Bad.assertNone(complaints(command));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // No rule.
        "pip install penstock | no rule knows the program 'pip'",
        "OMP_NUM_THREDS=1 examples/run plan | nothing here reads the variable 'OMP_NUM_THREDS'",
        // Examples: the launcher's word, then the example's.
        "examples/run fashion-minst | there is no example 'fashion-minst'",
        "examples/run gpt --master local[none] | --master is 'local[none]'",
        "examples/run gpt --blocks four | --blocks is 'four'",
        "examples/run gpt --layers 4 | Unknown option '--layers'",
        "examples/run plan --schedule auto | auto chooses by what executors measure",
        "examples/run jmh --rounds 3 | JMH says",
        "examples/run jmh LayersBenchmark | no benchmark's name holds 'LayersBenchmark'",
        "examples/run jmh LayerBenchmark -p width=1 | no such benchmark has a parameter 'width'",
        // Maven.
        "mvn verfy | there is no phase 'verfy'",
        "mvn spotles:apply | there is no plugin for spotles:apply",
        "mvn -Pgpu verify | there is no profile 'gpu'",
        "mvn -pl plugin test | there is no module 'plugin'",
        "mvn -f examples/application package | -f names 'examples/application'",
        "mvn verify --fail-at-last | there is no option '--fail-at-last'",
        "mvn verify -Dpenstock.fuzz.number=1 | reads the property 'penstock.fuzz.number'",
        "mvn test -Dtest=NoSuchTest | there is no test NoSuchTest",
        "mvn test -Dtest=*FuzzyTest | there is no test *FuzzyTest",
        "mvn -pl examples test -Dtest=CiRunTest | there is no test CiRunTest in [examples]",
        // Spark.
        "spark-submit --masters local[2] x.jar | Spark says: Unrecognized option '--masters'",
        "spark-submit --class example.Application x.jar | there is no class example.Application",
        "spark-submit --properties-file conf/none.conf --class CLASS x.jar | conf/none.conf does"
            + " not exist",
        // Scripts.
        "notebooks/start | there is no script 'notebooks/start'",
        "examples/pom.xml | 'examples/pom.xml' may not be executed",
        "notebooks/run --all | does not name the option '--all'",
        // Files.
        "jupyter notebook notebooks/none.ipynb | there is no 'notebooks/none.ipynb'",
        "pngquant $PWD/examples/pictures/*.gif | there is no 'examples/pictures/*.gif'",
        "cd examples/target/library | there is no 'examples/target/library', and no build",
        "cd file:/opt/penstock/conf/none.sh | there is no 'conf/none.sh'",
        "SPARK_WORKER_OPTS=-Dx=/opt/penstock/conf/none.sh | there is no 'conf/none.sh'",
      })
  void whatIsNotThereIsRefusedWithItsPlace(String command, String words) throws Exception {
    List<String> complaints = complaints("# a comment\n" + command);
    Bad.assertComplaint(3, words, complaints.subList(0, Math.min(1, complaints.size())));
  }

  @Test
  void everyCommandOfALineIsLookedAt() throws Exception {
    Bad.assertComplaint(2, "'pip'", complaints("notebooks/install-kernel && sudo pip install x"));
  }

  @Test
  void anExampleThatNoTestRunsIsRefused() throws Exception {
    ExampleCommands untested = new ExampleCommands(launcher, new Sources(Map.of(), Set.of()));
    ShellCommand plan = ShellCommand.of(Bad.block("bash", "examples/run plan\n")).get(0);
    Bad.assertComplaint(2, "no test runs plan: write PlanTest", untested.complaints(plan));
  }

  @Test
  void inBackticksOnlyNamesAreAskedForOfExamples() throws Exception {
    InlineCommands inline = new InlineCommands(commands, new ExampleCommands(launcher, sources));
    for (String right : List.of("examples/run plan --stages p --warm-up …", "mvn verify", "ls")) {
      Bad.assertNone(inline.complaints(Bad.page("a\n\nb `" + right + "`\n").spans().get(0)));
    }
    List<String> wrong =
        List.of("examples/run plan --epochs p", "examples/run plans", "mvn verfy", ".ci/run --all");
    for (String each : wrong) {
      var span = Bad.page("a\n\nb `" + each + "`\n").spans().get(0);
      Bad.assertComplaint(3, "", inline.complaints(span));
    }
  }

  @Test
  void whatAPlanPrintsIsWhatThePageShows(@TempDir Path folder) throws Exception {
    String plan = "```bash\nexamples/run plan --stages 1 --micro-batches 1 --format csv\n```\n\n";
    PlanOutputs outputs = new PlanOutputs(launcher);
    Bad.assertNone(outputs.complaints(Bad.page(plan + "```text\n0F0,0B0\n```\n").fences(), folder));
    Bad.assertComplaint(
        5,
        "prints\n0F0,0B0\n",
        outputs.complaints(Bad.page(plan + "```text\n0F0,0B1\n```\n").fences(), folder));
    Bad.assertNone(
        outputs.complaints(Bad.page(plan + "Such as\n\n```text\n…\n```\n").fences(), folder));
  }

  @Test
  void aPlanThatCannotBeMadeIsRefused(@TempDir Path folder) throws Exception {
    PlanOutputs outputs = new PlanOutputs(launcher);
    String plan = "```bash\nexamples/run plan --schedule dualpipe-v --micro-batches 2\n```\n";
    Bad.assertComplaint(
        2, "it ends with: plan: ", outputs.complaints(Bad.page(plan).fences(), folder));
    String file =
        "```bash\nexamples/run plan --format csv > mine.csv\n"
            + "examples/run plan --schedule mine.csv\n```\n";
    Bad.assertNone(outputs.complaints(Bad.page(file).fences(), folder));
  }
}
