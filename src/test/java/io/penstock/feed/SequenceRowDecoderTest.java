package io.penstock.feed;

import static io.penstock.feed.RowDecoderTest.array;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.feed.FeatureColumns.Layout;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;

/** Rows of sequences and of token ids. */
class SequenceRowDecoderTest {
  @Test
  void sequencesOfEveryTypeGiveTheSameFloats() {
    float[] wanted = {3, 0, 9, 1, -1, 2};
    List<Object> features =
        List.of(array(3, 0, 9), array(3L, 0L, 9L), new short[] {3, 0, 9}, new int[] {3, 0, 9});
    List<Object> labels =
        List.of(array(1, -1, 2), array(1L, -100L, 2L), new long[] {1, Long.MIN_VALUE, 2});
    for (Object feature : features) {
      for (Object label : labels) {
        float[] values = new float[8];
        assertEquals(3, ids(4).decode(RowFactory.create(feature, label), values));
        assertArrayEquals(wanted, Arrays.copyOf(values, 6));
      }
    }
  }

  @Test
  void aSequenceThatIsTooLongIsToldWithItsLengthAndTheSetting() {
    sequenceRefused("ids", "holds 5 ids where 4", array(1, 2, 3, 4, 5), array(1, 1, 1, 1, 1));
    sequenceRefused("ids", "Sequential.input(5)", array(1, 2, 3, 4, 5), array(1, 1, 1, 1, 1));
  }

  @Test
  void aLabelOfAnotherLengthIsToldWithBoth() {
    sequenceRefused("y", "holds 1 id where the features 'ids' hold 2", array(1, 2), array(1));
    sequenceRefused("y", "holds 0 ids where the features 'ids' hold 2", array(1, 2), array());
    sequenceRefused("y", "holds 3 ids where", array(1, 2), array(1, 2, 3));
  }

  @Test
  void sequencesThatTeachNothingAreRefused() {
    sequenceRefused("ids", "is an empty array", array(), array());
    sequenceRefused("ids", "is null", null, array(1));
    sequenceRefused("y", "is null", array(1), null);
    sequenceRefused("ids[1]", "is null", array(1, null), array(1, 1));
    sequenceRefused("y[1]", "is null", array(1, 1), array(1, null));
  }

  @Test
  void idsThatAreNoneAreRefused() {
    sequenceRefused("ids[1]", "is -1; an id cannot be negative", array(5, -1), array(1, 1));
    sequenceRefused("ids[0]", "is 16777217", array((1 << 24) + 1), array(1));
    sequenceRefused("y[0]", "is 3; with 3 ids it must be below 3", array(5), array(3));
  }

  /** A negative one is padding: sequences have none, rows of numbers may. */
  @Test
  void idsThatTheNetworkDoesNotKnowAreRefused() {
    FeatureColumns numbers =
        new FeatureColumns(List.of("ids"), "y", Layout.ARRAY, 3).withVocabulary(Optional.of(8L));
    float[] values = new float[4];
    new RowDecoder(numbers, LabelKind.real(), 5)
        .decode(RowFactory.create(array(0f, 7f, -1f), 1.0), values);
    assertArrayEquals(new float[] {0, 7, -1, 1}, values);
    for (Map.Entry<Float, String> one : Map.of(8f, "is 8, ", 0.5f, "is 0.5, ").entrySet()) {
      String message =
          assertThrows(
                  BadRowException.class,
                  () ->
                      new RowDecoder(numbers, LabelKind.real(), 5)
                          .decode(RowFactory.create(array(0f, one.getKey(), 1f), 1.0), values))
              .getMessage();
      String told = "Row 0 of partition 5: column 'ids[1]' " + one.getValue();
      assertTrue(message.startsWith(told), message);
      assertTrue(message.contains("the embedding's 8 ids"), message);
      assertTrue(message.contains("give ids below 8"), message);
    }
    FeatureColumns columns =
        new FeatureColumns(List.of("a", "b"), "y", Layout.COLUMNS, 2)
            .withVocabulary(Optional.of(8L));
    BadRowException bad =
        assertThrows(
            BadRowException.class,
            () ->
                new RowDecoder(columns, LabelKind.real(), 5)
                    .decode(RowFactory.create(1.0, 45.0, 1.0), values));
    assertTrue(bad.getMessage().contains("column 'b' is 45,"), bad::getMessage);
    assertFalse(bad.isMissing());
  }

  private static void sequenceRefused(String column, String why, Object features, Object label) {
    BadRowException bad =
        assertThrows(
            BadRowException.class,
            () -> ids(4).decode(RowFactory.create(features, label), new float[8]),
            why);
    assertEquals(column, bad.column());
    assertTrue(bad.getMessage().contains(why), bad.getMessage());
  }

  private static RowDecoder ids(int longest) {
    return new RowDecoder(
        new FeatureColumns(List.of("ids"), "y", Layout.SEQUENCE, Layout.SEQUENCE, longest),
        LabelKind.ids(3),
        5);
  }
}
