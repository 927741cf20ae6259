package io.penstock.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ActionTest {
  @ParameterizedTest
  @EnumSource(ActionKind.class)
  void textOfEveryKindIsReadBack(ActionKind kind) {
    Action action = new Action(12, kind, 345);
    assertEquals("12" + kind + "345", action.toString());
    assertEquals(action, Action.parse(action.toString()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "2F", "F0", "2X0", "2f0", "2 F0", "-1F0", "2F0 ", "2F99999999999"})
  void whatIsNoActionIsAnsweredWithHowToWriteOne(String text) {
    var e = assertThrows(IllegalArgumentException.class, () -> Action.parse(text));
    assertTrue(e.getMessage().contains("'" + text + "'"), e.getMessage());
    assertTrue(e.getMessage().contains("2F0"), e.getMessage());
    assertTrue(e.getMessage().contains("F, B, I, W, R, SEND_F"), e.getMessage());
  }

  @Test
  void stagesAndMicroBatchesCountFromZero() {
    assertThrows(IllegalArgumentException.class, () -> new Action(-1, ActionKind.F, 0));
    assertThrows(IllegalArgumentException.class, () -> new Action(0, ActionKind.F, -1));
  }

  @ParameterizedTest
  @EnumSource(ActionKind.class)
  void anActionComputesMovesOffloadsOrEndsAMiniBatch(ActionKind kind) {
    boolean moves = kind.name().startsWith("SEND") || kind.name().startsWith("RECV");
    boolean ends = kind.endsMiniBatch();
    boolean offloads = kind == ActionKind.OFFLOAD || kind == ActionKind.PREFETCH;
    assertEquals(!moves && !offloads && !ends, kind.isCompute());
    assertFalse((moves || offloads) && ends);
    assertFalse(kind.isSend() && kind.isReceive());
    assertEquals(moves, kind.isSend() || kind.isReceive());
  }
}
