package io.penstock.compute.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.compute.Axis;
import io.penstock.compute.Geometry;
import org.junit.jupiter.api.Test;

class PlaceChunkTest {
  private static final Axis TALL = new Axis(1000, 3, 1, 1, 1);
  private static final Axis SHORT = new Axis(28, 5, 1, 2, 2);

  private static void everyPlaceIsInOneChunk(Geometry geometry, long lines) {
    long places = geometry.vertical().places() * geometry.horizontal().places();
    long[] expected = {0}; // picture and place together, counted on
    PlaceChunk.forEach(
        geometry,
        lines,
        chunk -> {
          assertEquals(expected[0], chunk.picture() * places + chunk.place());
          assertTrue(chunk.pictures() == 1 || chunk.places() == places, "pictures are whole");
          assertTrue(lines * chunk.length() <= PlaceChunk.MOST, "it fits");
          expected[0] += chunk.length();
        });
    assertEquals(geometry.rows() * places, expected[0]);
  }

  @Test
  void everyPlaceIsInOneChunkInAscendingOrder() {
    everyPlaceIsInOneChunk(new Geometry(256, 1, SHORT, SHORT), 25);
    everyPlaceIsInOneChunk(new Geometry(1000, 64, SHORT, SHORT), 1600);
    everyPlaceIsInOneChunk(new Geometry(3, 8, TALL, TALL), 72);
    everyPlaceIsInOneChunk(new Geometry(1, 1, SHORT, SHORT), 1);
  }
}
