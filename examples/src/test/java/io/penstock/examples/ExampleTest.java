package io.penstock.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ExampleTest {
  @Test
  void helpShowsEveryOptionItsDefaultAndWhatItIsFor() {
    Example example =
        new Example(
            "some",
            "Does something",
            List.of(
                Option.count("rows", 20, "to make"), Option.atLeast(1, "virtual", "left out 1")));
    assertEquals(
        """
        usage: examples/run some [--OPTION VALUE]...

        Does something.

          --rows 20   to make
          --virtual   left out 1

        --master, --conf, --gpus and --rapids: see examples/run --help
        """,
        example.help());
  }

  @Test
  void helpIsShownWhateverElseIsAskedForAndNothingIsRun() throws Exception {
    Example example = new Example("some", "Does something", List.of());
    boolean[] ran = {false};
    example.main(new String[] {"--wrong", "--help"}, options -> ran[0] = true);
    assertTrue(!ran[0]);
  }
}
