package io.penstock.feed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.feed.FeatureColumns.Layout;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import scala.jdk.javaapi.CollectionConverters;

class RowDecoderTest {
  private static final double NAN = Double.NaN;

  @Test
  void everyLayoutGivesTheSameFloats() {
    float[] wanted = {1.5f, 0, -2, 1};
    assertArrayEquals(wanted, decode(Layout.VECTOR, Vectors.dense(1.5, 0, -2), 1.0));
    assertArrayEquals(
        wanted,
        decode(Layout.VECTOR, Vectors.sparse(3, new int[] {0, 2}, new double[] {1.5, -2}), 1));
    assertArrayEquals(wanted, decode(Layout.ARRAY, array(1.5, 0.0, -2.0), 1L));
    assertArrayEquals(wanted, decode(Layout.ARRAY, array(1.5f, 0f, -2f), (short) 1));
    assertArrayEquals(wanted, decode(Layout.ARRAY, new float[] {1.5f, 0, -2}, 1));
    assertArrayEquals(wanted, decode(Layout.ARRAY, new double[] {1.5, 0, -2}, 1));
    assertArrayEquals(wanted, decode(Layout.COLUMNS, 1.5, 0, BigDecimal.valueOf(-2), 1f));
  }

  @Test
  void aRowBeforeLeavesNothingInASparseOne() {
    RowDecoder decoder = decoder(Layout.VECTOR, LabelKind.real());
    float[] values = new float[4];
    decoder.decode(RowFactory.create(Vectors.dense(1, 2, 3), 4.0), values);
    decoder.decode(
        RowFactory.create(Vectors.sparse(3, new int[] {1}, new double[] {5}), 6.0), values);
    assertArrayEquals(new float[] {0, 5, 0, 6}, values);
  }

  @Test
  void nullsAreRefused() {
    refused("f0", "is null", Layout.VECTOR, null, 1.0);
    refused("f0", "is null", Layout.ARRAY, null, 1.0);
    refused("f0[1]", "is null", Layout.ARRAY, array(1.0, null, 2.0), 1.0);
    refused("f1", "is null", Layout.COLUMNS, 1, null, 2, 1.0);
    refused("y", "is null", Layout.COLUMNS, 1, 2, 3, null);
  }

  @Test
  void valuesThatAreNotFiniteAreRefused() {
    refused("f0[2]", "NaN", Layout.VECTOR, Vectors.dense(1, 2, NAN), 1.0);
    refused(
        "f0[1]", "NaN", Layout.VECTOR, Vectors.sparse(3, new int[] {1}, new double[] {NAN}), 1.0);
    refused("f0[0]", "Infinity", Layout.ARRAY, array(Float.POSITIVE_INFINITY, 1f, 1f), 1.0);
    refused("f2", "-Infinity", Layout.COLUMNS, 1, 2, Double.NEGATIVE_INFINITY, 1.0);
    refused("y", "NaN", Layout.COLUMNS, 1, 2, 3, NAN);
  }

  @Test
  void valuesThatNoFloatHoldsAreRefused() {
    refused("f0", "1.0E300, too large", Layout.COLUMNS, 1e300, 2, 3, 1.0);
    refused("y", "1.0E300, too large", Layout.COLUMNS, 1, 2, 3, 1e300);
  }

  @Test
  void rowsOfAnotherWidthAreRefused() {
    refused("f0", "holds 2 values where 3", Layout.VECTOR, Vectors.dense(1, 2), 1.0);
    refused("f0", "holds 4 values where 3", Layout.ARRAY, array(1., 2., 3., 4.), 1.0);
  }

  @Test
  void labelsThatAreNoClassAreRefused() {
    for (double label : new double[] {-1, 0.5, 10}) {
      BadRowException bad =
          assertThrows(
              BadRowException.class,
              () ->
                  decoder(Layout.VECTOR, LabelKind.classId(10))
                      .decode(RowFactory.create(Vectors.dense(1, 2, 3), label), new float[4]));
      assertTrue(bad.getMessage().contains("column 'y' is " + label), bad.getMessage());
    }
  }

  @Test
  void theBadRowIsNamed() throws Exception {
    RowDecoder decoder = decoder(Layout.VECTOR, LabelKind.real());
    decoder.decode(RowFactory.create(Vectors.dense(1, 2, 3), 1.0), new float[4]);
    BadRowException bad =
        assertThrows(
            BadRowException.class,
            () -> decoder.decode(RowFactory.create(Vectors.dense(1, NAN, 3), 1.0), new float[4]));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(bad);
    }
    BadRowException back =
        (BadRowException)
            new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
    assertTrue(back.getMessage().startsWith("Row 1 of partition 5: column 'f0[1]' is NaN"));
    assertEquals(5, back.partition());
    assertEquals(1, back.row());
    assertEquals("f0[1]", back.column());
  }

  @Test
  void severalNumbersAreALabelInEveryLayout() {
    float[] wanted = {7, 1.5f, 0, -2};
    for (Object label :
        List.of(Vectors.dense(1.5, 0, -2), array(1.5, 0.0, -2.0), new float[] {1.5f, 0, -2})) {
      Layout layout = label instanceof Vector ? Layout.VECTOR : Layout.ARRAY;
      FeatureColumns columns = new FeatureColumns(List.of("f0"), "y", Layout.COLUMNS, layout, 1);
      RowDecoder decoder = new RowDecoder(columns, LabelKind.reals(3), 5);
      float[] values = new float[4];
      assertEquals(1, decoder.decode(RowFactory.create(7, label), values));
      assertArrayEquals(wanted, values);
      RowDecoder two = new RowDecoder(columns, LabelKind.reals(2), 5);
      BadRowException bad =
          assertThrows(
              BadRowException.class, () -> two.decode(RowFactory.create(7, label), new float[4]));
      assertTrue(bad.getMessage().contains("'y' holds 3 values where 2"), bad.getMessage());
    }
  }

  @Test
  void theWeightStandsBehindTheLabel() {
    for (Object weight : List.of(2.5, 2.5f, BigDecimal.valueOf(2.5))) {
      float[] values = new float[3];
      weighted(LabelKind.real()).decode(RowFactory.create(7, 4.0, weight), values);
      assertArrayEquals(new float[] {7, 4, 2.5f}, values);
    }
    FeatureColumns sequences =
        new FeatureColumns(List.of("ids"), "y", Layout.SEQUENCE, Layout.SEQUENCE, 4, "w");
    float[] values = new float[9];
    new RowDecoder(sequences, LabelKind.ids(3), 5)
        .decode(RowFactory.create(array(5, 6), array(1, -1), 3L), values);
    assertArrayEquals(new float[] {5, 6, 1, -1, 3}, Arrays.copyOf(values, 5));
  }

  @Test
  void noughtIsAWeightWithAnySign() {
    float[] values = {1, 1, 1};
    weighted(LabelKind.real()).decode(RowFactory.create(7, 4.0, -0.0), values);
    assertEquals(0, Float.floatToRawIntBits(values[2]));
  }

  @Test
  void weightsThatMakeNoSenseAreRefused() {
    weightRefused("is null", null);
    weightRefused("is NaN", NAN);
    weightRefused("is Infinity", Double.POSITIVE_INFINITY);
    weightRefused("is -1.5; a weight cannot be negative", -1.5);
    weightRefused("is -1.0E-300; a weight cannot be negative", -1e-300);
    weightRefused("is 1.0E300, too large", 1e300);
  }

  private static void weightRefused(String why, Object weight) {
    BadRowException bad =
        assertThrows(
            BadRowException.class,
            () ->
                weighted(LabelKind.real()).decode(RowFactory.create(7, 4.0, weight), new float[3]),
            why);
    assertEquals("w", bad.column());
    assertEquals(0, bad.row());
    assertTrue(bad.getMessage().contains(why), bad.getMessage());
  }

  private static RowDecoder weighted(LabelKind kind) {
    return new RowDecoder(
        new FeatureColumns(List.of("f0"), "y", Layout.COLUMNS, Layout.COLUMNS, 1, "w"), kind, 5);
  }

  private static void refused(String column, String why, Layout layout, Object... values) {
    BadRowException bad = assertThrows(BadRowException.class, () -> decode(layout, values), why);
    assertEquals(column, bad.column());
    assertTrue(bad.getMessage().contains(why), bad.getMessage());
  }

  static float[] decode(Layout layout, Object... values) {
    Row row = RowFactory.create(values);
    float[] decoded = new float[4];
    decoder(layout, LabelKind.real()).decode(row, decoded);
    return decoded;
  }

  private static RowDecoder decoder(Layout layout, LabelKind kind) {
    List<String> names = layout == Layout.COLUMNS ? List.of("f0", "f1", "f2") : List.of("f0");
    return new RowDecoder(new FeatureColumns(names, "y", layout, 3), kind, 5);
  }

  static Object array(Object... values) {
    return CollectionConverters.asScala(Arrays.asList(values)).toSeq();
  }
}
