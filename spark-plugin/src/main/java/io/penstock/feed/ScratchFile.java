package io.penstock.feed;

import io.penstock.Internal;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Temporary file for what a rank has no memory for. Stateless; any thread may call. */
@Internal
public final class ScratchFile {
  private ScratchFile() {}

  /**
   * Makes an empty file to write and to read, which goes when it is closed. Where the system can,
   * its name goes at once: nothing is left behind by a killed executor.
   *
   * @param directory made if it is not there
   * @param prefix that its name begins with
   * @throws IOException if it cannot be made
   */
  public static FileChannel open(Path directory, String prefix) throws IOException {
    Files.createDirectories(directory);
    return FileChannel.open(
        Files.createTempFile(directory, prefix, ".bin"),
        StandardOpenOption.READ,
        StandardOpenOption.WRITE,
        StandardOpenOption.DELETE_ON_CLOSE);
  }
}
