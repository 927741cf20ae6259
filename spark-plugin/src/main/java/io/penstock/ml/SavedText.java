package io.penstock.ml;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** A text of a saved estimator or model, which is short; a file that is not is none of ours. */
final class SavedText {
  private static final int MOST_BYTES = 16 << 20;

  private SavedText() {}

  /**
   * Reads the file.
   *
   * @throws IOException if it cannot be read, or is longer than any that was saved
   */
  static String read(Path file, Configuration conf) throws IOException {
    try (InputStream in = file.getFileSystem(conf).open(file)) {
      // Not by the length that the file system tells, which some files do not keep to.
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw new IOException(
            file
                + " has more than "
                + MOST_BYTES
                + " bytes, which none that was saved has. Is it another file?");
      }
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }
}
