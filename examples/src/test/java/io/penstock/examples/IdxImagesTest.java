package io.penstock.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class IdxImagesTest {
  private static IdxImages read(byte[] images, byte[] labels) throws IOException {
    return new IdxImages(new ByteArrayInputStream(images), new ByteArrayInputStream(labels));
  }

  @Test
  void imagesComeBackWithTheirLabelsInOrder() throws IOException {
    IdxImages rows = read(IdxFiles.images(3), IdxFiles.labels(3));
    for (int i = 0; i < 3; i++) {
      assertTrue(rows.hasNext());
      Row row = rows.next();
      assertArrayEquals(IdxFiles.image(i), row.<byte[]>getAs(0));
      assertEquals(IdxFiles.label(i), row.getInt(1));
    }
    assertFalse(rows.hasNext());
    assertThrows(NoSuchElementException.class, rows::next);
  }

  @Test
  void theNumbersOfImagesAndLabelsMustAgree() {
    String message =
        assertThrows(IOException.class, () -> read(IdxFiles.images(3), IdxFiles.labels(2)))
            .getMessage();
    assertTrue(message.contains("number of labels should be 3 but is 2"), message);
  }

  @Test
  void imagesAndLabelsMustNotBeSwapped() {
    assertThrows(IOException.class, () -> read(IdxFiles.labels(3), IdxFiles.images(3)));
  }

  @Test
  void aFileThatEndsTooSoonIsNamedAsSuch() throws IOException {
    byte[] whole = IdxFiles.unzipped(IdxFiles.images(2));
    byte[] cut = IdxFiles.zipped(Arrays.copyOf(whole, whole.length - 1));
    IdxImages rows = read(cut, IdxFiles.labels(2));
    rows.next();
    String message = assertThrows(UncheckedIOException.class, rows::next).getMessage();
    assertTrue(message.contains("1 to go"), message);
  }
}
