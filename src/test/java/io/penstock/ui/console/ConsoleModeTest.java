package io.penstock.ui.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.penstock.conf.Settings;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class ConsoleModeTest {
  private static ConsoleMode of(String value) {
    return ConsoleMode.of(new SparkConf(false).set(Settings.CONSOLE.key(), value));
  }

  @Test
  void itIsWhatIsSet() {
    assertEquals(ConsoleMode.AUTO, ConsoleMode.of(new SparkConf(false)));
    assertEquals(ConsoleMode.LINE, of("line"));
    assertEquals(ConsoleMode.LOG, of("Log"));
    assertEquals(ConsoleMode.OFF, of("off"));
  }

  @Test
  void whatItIsNotIsToldWithWhatItCouldBe() {
    String told = assertThrows(IllegalArgumentException.class, () -> of("yes")).getMessage();
    assertEquals("spark.penstock.ui.console is 'yes'; write one of auto, line, log, off.", told);
  }
}
