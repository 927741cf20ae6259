package io.penstock.docs;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpellingTest {
  private static final List<Spelling> ALL = List.of(Spelling.ofParams(), Spelling.ofSchedules());

  private static List<String> complaints(String text) {
    var span = Bad.page("# Title\n\nSee `" + text + "`.\n").spans().get(0);
    return ALL.stream().flatMap(of -> of.complaints(span).stream()).toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "numMicroBatches",
        "numStages = 0",
        "warmUp",
        "zb-h1",
        "1f1b",
        "schedule = zb-h2",
        "--schedule zb-v,gpipe",
        "maxPool",
        "batchNorm",
        "auto",
      })
  void aWordThatIsOneAndOneThatIsFarFromAllMayBeNamed(String text) {
    Bad.assertNone(complaints(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "numMicrobatches",
        "numMicroBatchs",
        "numMircoBatches",
        "numStage = 0",
        "warmup, warmUps",
        "zb-h9",
        "1f1",
        "schedule = zb-h3",
        "--schedule zb-v,gpip",
        "dualpipev",
      })
  void aMisspeltWordIsRefusedWithItsPlace(String text) {
    Bad.assertComplaint(3, "is called '", complaints(text));
  }
}
