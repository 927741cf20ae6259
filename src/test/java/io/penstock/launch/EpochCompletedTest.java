package io.penstock.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.train.Validation;
import java.util.List;
import org.apache.spark.util.JsonProtocol;
import org.junit.jupiter.api.Test;

class EpochCompletedTest {
  @Test
  void itComesBackFromTheEventLog() {
    Validation found = new Validation(3, 0.25, "accuracy", 0.5);
    for (Validation validation : new Validation[] {found, null}) {
      EpochCompleted event =
          new EpochCompleted(
              "run", 1, 5, 100, 0.5, validation, 2, 50, 0.125, List.of(0.75, 1.0));
      String json = JsonProtocol.sparkEventToJsonString(event);
      assertEquals(event, JsonProtocol.sparkEventFromJson(json), json);
    }
  }

  @Test
  void aLineTellsAnEpoch() {
    EpochCompleted event =
        new EpochCompleted("run", 0, 5, 100, 0.5, null, 2, 50, 0.125, List.of(1.0));
    assertEquals("epoch 1 of 5: loss 0.500000, 50 rows/s, bubble 12.5 %", event.line());
  }
}
