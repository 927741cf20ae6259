package io.penstock.docs;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OtherBlocksTest {
  private static final OtherBlocks BLOCKS =
      new OtherBlocks(new Names(Sources.of(Repository.OWN), Set.of()));

  private static List<String> complaints(String language, String text) {
    return BLOCKS.complaints(Bad.block(language, text));
  }

  @Test
  void aFenceSaysItsLanguageAndIsRead() {
    Bad.assertNone(complaints("text", "anything"));
    Bad.assertComplaint(1, "has no language: write ```bash", complaints("", "anything"));
    Bad.assertComplaint(1, "no test reads 'yaml'", complaints("yaml", "a: b"));
  }

  @Test
  void jsonIsRead() {
    Bad.assertNone(complaints("json", "{\"a\": [1]}"));
    Bad.assertComplaint(4, "expected ']'", complaints("json", "{\n\"a\": [1\n}"));
  }

  @Test
  void aScheduleIsVerified() {
    Bad.assertNone(complaints("csv", "0F0,0F1,0B0,0B1"));
    Bad.assertComplaint(1, "", complaints("csv", "0F0,0B1"));
  }

  @Test
  void whatPythonCallsInJavaIsThere() {
    Bad.assertNone(complaints("python", "jvm.io.penstock.nn.network\nc.setNumStages(2)"));
    Bad.assertComplaint(2, "no package", complaints("python", "jvm.io.penstock.networks"));
    Bad.assertComplaint(3, "setStages", complaints("python", "c = \\\nd.setStages(2)"));
  }

  @Test
  void codeThatIsOnlyIndentedIsRefusedButNotInALongListItem() {
    Bad.assertNone(OtherBlocks.indented(Bad.page("- one\n\n    goes on\n\n1. two\n\n    too\n")));
    Bad.assertComplaint(
        3, "fence it", OtherBlocks.indented(Bad.page("Do\n\n    mvn verify\n    mvn test\n")));
  }
}
