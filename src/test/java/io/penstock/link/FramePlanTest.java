package io.penstock.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;

class FramePlanTest {
  private static final ExpectedFrame ACTIVATION =
      new ExpectedFrame(
          new Channel.Activation(1), 0, 4, DataType.FLOAT, 1, 8, List.of(3L, 5L), false);
  private static final ExpectedFrame GRADIENT =
      new ExpectedFrame(new Channel.Gradient(1), 2, 4, DataType.FLOAT, 1, 8, List.of(6L), false);
  private static final FramePlan PLAN = FramePlan.of(List.of(ACTIVATION, GRADIENT), 2);

  private static String objection(int fromRank, Tag tag, DataType type, long... shape) {
    return PLAN.objection(fromRank, tag.channel(), tag, type, shape);
  }

  private static Tag tag(int microBatch) {
    return new Tag(new Channel.Activation(1), 7, microBatch);
  }

  private static void assertObjects(String words, String objection) {
    assertTrue(objection != null && objection.contains(words), objection);
  }

  @Test
  void aFrameOfThePlanIsTaken() {
    assertNull(objection(0, tag(0), DataType.FLOAT, 8, 3, 5));
    assertNull(objection(0, tag(3), DataType.FLOAT, 1, 3, 5));
    assertNull(objection(2, new Tag(new Channel.Gradient(1), 0, 0), DataType.FLOAT, 2, 6));
  }

  @Test
  void aFrameOfAnotherRankTypeShapeOrTagIsNot() {
    assertObjects("rank 0 sends", objection(2, tag(0), DataType.FLOAT, 8, 3, 5));
    assertObjects(
        "no rank sends",
        objection(0, new Tag(new Channel.Activation(2), 7, 0), DataType.FLOAT, 8, 3, 5));
    assertObjects(
        "no rank sends",
        objection(0, new Tag(new Channel.Probe(1), 7, 0), DataType.FLOAT, 8, 3, 5));
    assertObjects("of which a step", objection(0, tag(4), DataType.FLOAT, 8, 3, 5));
    assertObjects("of which a step", objection(0, tag(-1), DataType.FLOAT, 8, 3, 5));
    assertObjects(
        "as HALF [8, 3, 5]; by this plan it is FLOAT [1 to 8, 3, 5]",
        objection(0, tag(0), DataType.HALF, 8, 3, 5));
    assertObjects("as FLOAT [8, 15]", objection(0, tag(0), DataType.FLOAT, 8, 15));
    assertObjects("as FLOAT [8, 5, 3]", objection(0, tag(0), DataType.FLOAT, 8, 5, 3));
    assertObjects("as FLOAT [0, 3, 5]", objection(0, tag(0), DataType.FLOAT, 0, 3, 5));
  }

  @Test
  void whatIsLargerThanAnyFrameIsToldByItsSize() {
    assertEquals(8 * 15 * 4, PLAN.mostBytes());
    assertObjects(
        "of 540 B; the largest frame of this plan has 480 B",
        objection(0, tag(0), DataType.FLOAT, 9, 3, 5));
  }

  @Test
  void aPlanKnowsWhoSends() {
    assertEquals(OptionalInt.of(2), PLAN.sender(new Channel.Gradient(1)));
    assertEquals(OptionalInt.empty(), PLAN.sender(new Channel.Gradient(0)));
    assertEquals(OptionalInt.empty(), FramePlan.ANY.sender(new Channel.Gradient(1)));
  }

  @Test
  void withoutAPlanOnlyTheSizeCounts() {
    FramePlan upTo = FramePlan.upTo(64);
    Tag tag = tag(9);
    assertNull(upTo.objection(5, tag.channel(), tag, DataType.DOUBLE, new long[] {8}));
    assertObjects(
        "of 72 B", upTo.objection(5, tag.channel(), tag, DataType.DOUBLE, new long[] {9}));
    assertThrows(IllegalArgumentException.class, () -> FramePlan.upTo(0));
  }

  @Test
  void twoFramesUnderOneTagAreNoPlan() {
    List<ExpectedFrame> twice = List.of(ACTIVATION, ACTIVATION);
    assertThrows(IllegalArgumentException.class, () -> FramePlan.of(twice, 2));
  }
}
