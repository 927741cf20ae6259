package io.penstock.docs;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class JavaBlocksTest {
  private static JavaBlocks blocks;

  @TempDir private Path out;

  @BeforeAll
  static void read() {
    blocks = new JavaBlocks(new JavaImports(Sources.of(Repository.OWN)));
  }

  private List<String> complaints(String... texts) throws Exception {
    return blocks.complaints(Stream.of(texts).map(text -> Bad.block("java", text)).toList(), out);
  }

  @Test
  void statementsMethodsAndTypesCompileWithWhatIsGiven() throws Exception {
    Bad.assertNone(
        complaints(
            "import java.time.Duration;\n\nDuration.ZERO.toString();\nclassifier.fit(train);\n",
            "classifier.fit(train).save(\"Nothing.like(this)\"); // or Something else\n",
            "@Override\npublic String toString() {\n  return folder;\n}\n",
            "/** A type. */\n"
                + "public final class Mine {\n"
                + "  List<Path> paths = new ArrayList<>();\n"
                + "}\n",
            "record One(Sequential network) {}\n\nrecord Two(One one) {}\n"));
  }

  @Test
  void whatDoesNotCompileIsTheLineOfThePage() throws Exception {
    Bad.assertComplaint(
        4,
        "setNumStagse",
        complaints("import java.util.List;\n\nclassifier.setNumStagse(2);\n", "int i = 0;\n"));
  }

  @Test
  void anImportOfATypeThatIsGoneIsRefused() throws Exception {
    Bad.assertComplaint(
        2, "io.penstock.ml", complaints("import io.penstock.ml.NoSuchClassifier;\nint i = 0;\n"));
  }

  @Test
  void aTypeThatIsGoneIsRefused() throws Exception {
    Bad.assertComplaint(3, "NoSuchClassifier", complaints("int i;\nnew NoSuchClassifier();\n"));
  }

  @Test
  void whatIsDeprecatedIsRefused() throws Exception {
    Bad.assertComplaint(2, "deprecated", complaints("Object day = new Date(1, 2, 3);\n"));
  }

  @Test
  void aBlockThatStandsAloneIsRun() throws Exception {
    Bad.assertNone(
        complaints("Sequential.input(4).dense(2).loss(Losses.squaredError()).build();\n"));
    Bad.assertComplaint(
        4, "ArrayIndexOutOfBounds", complaints("int[] none = {};\n\nint first = none[1];\n"));
    Bad.assertComplaint(3, "no loss", complaints("Sequential.input(4)\n    .dense(2).build();\n"));
  }

  @Test
  void aBlockThatTakesWhatIsGivenOrAFileIsOnlyCompiled() throws Exception {
    Bad.assertNone(complaints("train.count();\n", "Files.size(Path.of(\"none\"));\n"));
  }
}
