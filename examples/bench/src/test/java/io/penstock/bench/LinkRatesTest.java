package io.penstock.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

class LinkRatesTest {
  @Test
  void settingsAreReadAndOthersRefusedByName() {
    assertEquals(Map.of(), LinkRates.settings(""));
    assertEquals(Map.of("a.b", "1=2", "c", "d"), LinkRates.settings("a.b=1=2, c=d"));
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> LinkRates.settings("a=b,wrong"));
    assertTrue(refused.getMessage().contains("'wrong'"), refused.getMessage());
  }
}
