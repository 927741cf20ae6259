package io.penstock.checkpoint;

import io.penstock.Internal;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/**
 * New file on any Hadoop file system. For each local one Hadoop starts processes, to set its
 * permissions and those of a second file of sums, which takes several times as long as to write it,
 * and the processor from the training beside it: local ones are made without Hadoop. Stateless.
 */
@Internal
public final class NewFile {
  private NewFile() {}

  /**
   * Makes the file, and its directory where it is missing.
   *
   * @param path where nothing is
   * @return to write to, without a buffer, and close
   */
  public static OutputStream create(Path path, Configuration conf) throws IOException {
    FileSystem files = path.getFileSystem(conf);
    if (files.getClass() != LocalFileSystem.class) {
      return files.create(path, true);
    }
    File file = ((LocalFileSystem) files).pathToFile(path);
    Files.createDirectories(file.toPath().getParent());
    return new FileOutputStream(file);
  }
}
