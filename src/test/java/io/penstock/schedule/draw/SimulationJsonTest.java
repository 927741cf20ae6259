package io.penstock.schedule.draw;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.schedule.Costs;
import io.penstock.schedule.Plans;
import io.penstock.schedule.Simulation;
import io.penstock.schedule.Simulator;
import org.junit.jupiter.api.Test;

class SimulationJsonTest {
  @Test
  void itHoldsWhatTheSimulationFound() throws Exception {
    Costs costs = Costs.even(4, 0.5, 0.5, 0.5).withActivationBytes(3);
    Simulation run = Simulator.simulate(Plans.ZB_V, costs);
    JsonNode json = new ObjectMapper().readTree(SimulationJson.json(run));
    assertEquals("test", json.get("schedule").asText());
    assertEquals(2, json.get("ranks").asInt());
    assertEquals(4, json.get("stages").asInt());
    assertEquals(4, json.get("microBatches").asInt());
    assertEquals(run.makespan(), json.get("makespan").asDouble());
    assertEquals(run.bubble(), json.get("bubble").asDouble());
    assertEquals(run.bubblePerRank().get(1), json.get("bubblePerRank").get(1).asDouble());
    assertEquals(run.peakActivations().get(1), json.get("peakActivations").get(1).asInt());
    assertEquals(12, json.get("peakBytes").get(0).asDouble());
    assertEquals(2, json.get("framesInFlight").size());
    JsonNode link = json.get("framesInFlight").get(0);
    assertEquals(
        run.inFlight(link.get("from").asInt(), link.get("to").asInt()), link.get("frames").asInt());
  }
}
