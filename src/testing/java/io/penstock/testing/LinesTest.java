package io.penstock.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class LinesTest {
  private static final Pattern PORT = Pattern.compile("^port (\\d+)");

  @Test
  void whatIsNotWaitedForIsPassedOver() throws Exception {
    InputStream said =
        new ByteArrayInputStream("a log\nport 7\nport 8\n".getBytes(StandardCharsets.UTF_8));
    Lines lines = new Lines(said);
    assertEquals("7", lines.next(PORT).group(1));
    assertEquals("8", lines.next(PORT).group(1));
    assertThrows(EOFException.class, () -> lines.next(PORT));
    assertThrows(EOFException.class, () -> lines.next(PORT));
  }

  /** The process says nothing, and does not end. */
  @Test
  void anInterruptEndsTheWaiting() throws Exception {
    try (PipedInputStream silent = new PipedInputStream(new PipedOutputStream())) {
      Lines lines = new Lines(silent);
      Thread.currentThread().interrupt();
      assertThrows(InterruptedException.class, () -> lines.next(PORT));
    }
  }
}
