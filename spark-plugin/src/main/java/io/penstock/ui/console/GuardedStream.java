package io.penstock.ui.console;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;

/** Standard output or error while a status line is shown: the line gives way to what is written. */
final class GuardedStream extends PrintStream {
  private final PrintStream behind;

  GuardedStream(PrintStream behind, StatusLine line) {
    super(
        new OutputStream() {
          @Override
          public void write(int one) {
            write(new byte[] {(byte) one}, 0, 1);
          }

          @Override
          public void write(byte[] bytes, int offset, int length) {
            line.giveWay(behind, bytes, offset, length);
          }

          @Override
          public void flush() {
            behind.flush();
          }
        },
        true,
        charset());
    this.behind = behind;
  }

  PrintStream behind() {
    return behind;
  }

  /** That of standard output; PrintStream.charset() is of Java 18. */
  private static Charset charset() {
    String newer = System.getProperty("stdout.encoding");
    String older = System.getProperty("sun.stdout.encoding");
    return newer != null
        ? Charset.forName(newer)
        : older != null ? Charset.forName(older) : Charset.defaultCharset();
  }
}
