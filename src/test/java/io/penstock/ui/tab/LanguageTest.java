package io.penstock.ui.tab;

import io.penstock.Languages;
import io.penstock.ui.Format;
import io.penstock.ui.RunState;
import io.penstock.ui.Samples;
import java.util.List;
import org.junit.jupiter.api.Test;

class LanguageTest {
  private static RunState run() {
    return RunState.of(Samples.started("a"))
        .after(Samples.ready("a", 0))
        .after(Samples.step("a", 0, 1))
        .after(Samples.epoch("a", 0))
        .after(Samples.incident("a", 3))
        .after(Samples.ended("a"));
  }

  @Test
  void wordsAndDrawingsAreTheSameInEveryLanguage() throws Exception {
    Languages.assertSame(
        () ->
            List.of(
                Format.count(1234567),
                Format.bytes(123456789),
                Format.share(0.125),
                Format.duration(4000.5)));
  }

  @Test
  void whatIsReadByProgramsIsTheSameInEveryLanguage() throws Exception {
    Languages.assertSame(() -> RunJson.of(run()));
  }
}
