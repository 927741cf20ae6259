package io.penstock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BytesTest {
  private static final double MIB = 1 << 20;

  @Test
  void aSizeHasTheLargestUnitThatItHasOneOf() {
    assertEquals("0 B", new Bytes(0).toString());
    assertEquals("1023 B", new Bytes(1023).toString());
    assertEquals("1.0 KiB", new Bytes(1024).toString());
    assertEquals("1.5 MiB", new Bytes(1.5 * MIB).toString());
    assertEquals("300 GiB", new Bytes(300 * 1024 * MIB).toString());
    assertEquals("2048 PiB", new Bytes(2048 * Math.pow(2, 50)).toString());
  }

  @Test
  void whatIsNeededIsRoundedUpAndWhatThereIsDown() {
    Bytes odd = new Bytes(1.51 * MIB);
    assertEquals("1.6 MiB", odd.up());
    assertEquals("1.5 MiB", odd.down());
    assertEquals("1.5 MiB", odd.toString());
    assertEquals("101 MiB", new Bytes(100.2 * MIB).up());
    assertEquals("100 MiB", new Bytes(100.2 * MIB).down());
    assertEquals("64.0 MiB", new Bytes(64 * MIB).up());
  }

  /** So that a message in which one does not fit into the other shows why. */
  @ParameterizedTest
  @ValueSource(longs = {1, 7, 1023, 1024, 104_857, 1L << 20, (1L << 30) - 1, 1L << 30, 1L << 40})
  void whatNeedsMoreThanThereIsIsNeverToldAsTheSame(long room) {
    assertNotEquals(new Bytes(room).down(), new Bytes(room + 1).up());
  }
}
