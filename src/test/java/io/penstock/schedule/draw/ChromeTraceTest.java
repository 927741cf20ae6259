package io.penstock.schedule.draw;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChromeTraceTest {
  private static List<JsonNode> events(Timeline timeline, String phase) throws Exception {
    List<JsonNode> events = new ArrayList<>();
    for (JsonNode event :
        new ObjectMapper().readTree(ChromeTrace.json(timeline)).get("traceEvents")) {
      if (event.get("ph").asText().equals(phase)) {
        events.add(event);
      }
    }
    return events;
  }

  @Test
  void everyActionIsACompleteEventInMicroseconds() throws Exception {
    List<JsonNode> events = events(TimelineTest.MEASURED, "X");
    assertEquals(6, events.size());
    JsonNode last = events.get(5);
    assertEquals("1W0", last.get("name").asText());
    assertEquals("weight gradient", last.get("cat").asText());
    assertEquals(1, last.get("tid").asInt());
    assertEquals(14_500, last.get("ts").asDouble());
    assertEquals(4_500, last.get("dur").asDouble());
    assertEquals(1, last.get("args").get("stage").asInt());
    assertEquals(0, last.get("args").get("microBatch").asInt());
  }

  @Test
  void ranksAreNamedThreadsOfATitledProcess() throws Exception {
    List<JsonNode> names = events(TimelineTest.MEASURED, "M");
    assertEquals(
        List.of("a <b> & \"c\" \\", "rank 0", "rank 1"),
        names.stream().map(name -> name.get("args").get("name").asText()).toList());
  }

  @Test
  void aUnitWithoutANameIsAMillisecond() throws Exception {
    List<JsonNode> events = events(TimelineTest.plan("1f1b", 2, 2), "X");
    assertEquals(1000, events.get(0).get("dur").asDouble());
  }

  @Test
  void anUnknownUnitIsRefused() {
    Timeline odd = new Timeline("", "fortnights", TimelineTest.MEASURED.rows());
    String message =
        assertThrows(IllegalArgumentException.class, () -> ChromeTrace.json(odd)).getMessage();
    assertTrue(message.contains("'fortnights'"), message);
  }
}
