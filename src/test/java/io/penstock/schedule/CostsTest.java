package io.penstock.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class CostsTest {
  private static final Costs EVEN = Costs.even(3, 1, 2, 4);

  private static void refused(String reason, Executable mistake) {
    String message = assertThrows(IllegalArgumentException.class, mistake).getMessage();
    assertTrue(message.contains(reason), message);
  }

  @Test
  void aWholeBackwardTakesBothHalves() {
    assertEquals(1, EVEN.of(Action.parse("2F0")));
    assertEquals(2, EVEN.of(Action.parse("2I0")));
    assertEquals(4, EVEN.of(Action.parse("2W0")));
    assertEquals(6, EVEN.of(Action.parse("2B0")));
  }

  @Test
  void movementTakesNoTimeOfTheRank() {
    for (String movement : List.of("1SEND_F0", "1RECV_F0", "1SEND_B0", "1RECV_B0")) {
      assertEquals(0, EVEN.withLatency(5).of(Action.parse(movement)));
    }
  }

  @Test
  void bothFramesOfABoundaryHaveOneSize() {
    Costs costs = EVEN.withFrameBytes(List.of(10.0, 20.0, 0.0));
    assertEquals(20, costs.bytes(new Frame(Action.parse("1F0"), Action.parse("2F0"))));
    assertEquals(20, costs.bytes(new Frame(Action.parse("2B0"), Action.parse("1B0"))));
    assertEquals(10, costs.bytes(new Frame(Action.parse("1I0"), Action.parse("0B0"))));
  }

  @Test
  void unlessSaidOtherwiseTransferIsFree() {
    assertEquals(new LinkCost(0, Double.POSITIVE_INFINITY), EVEN.link(0, 1));
  }

  @Test
  void aLinkMayHaveACostOfItsOwn() {
    assertEquals(
        new LinkCost(2, 9, 5), EVEN.withBusy(5).withLatency(2).withBandwidth(9).link(1, 0));
    LinkCost slow = new LinkCost(3, 10);
    Costs costs = EVEN.withLink(1, 2, slow).withLatency(1).withBandwidth(7);
    assertEquals(slow, costs.link(1, 2));
    assertEquals(new LinkCost(1, 7), costs.link(2, 1));
  }

  @Test
  void everyMistakeIsNamed() {
    refused("forward time of -1.0", () -> Costs.even(2, -1, 1, 1));
    refused("input gradient's time of NaN", () -> Costs.even(2, 1, Double.NaN, 1));
    refused("weight gradient's time of Infinity", () -> Costs.even(2, 1, 1, 1.0 / 0));
    refused("stage 1: activation size of -2.0", () -> bytes(1.0, -2.0, 1.0));
    refused("1 of 'activation size'", () -> bytes(1.0));
    refused("latency of -0.5", () -> EVEN.withLatency(-0.5));
    refused("busy time of -2.0", () -> EVEN.withBusy(-2));
    refused("busy time of NaN", () -> EVEN.withBusy(Double.NaN));
    refused("bandwidth of 0.0", () -> EVEN.withBandwidth(0));
    refused("no stage", () -> Costs.even(0, 1, 1, 1));
  }

  private static void bytes(Double... sizes) {
    EVEN.withActivationBytes(List.of(sizes));
  }
}
