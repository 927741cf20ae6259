package io.penstock.launch.job;

import java.io.IOException;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerApplicationEnd;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Directory of the session on a file system: deleted when the application or the driver's process
 * ends, unless that was killed. Thread-safe.
 */
final class SessionDirectory {
  private static final Logger LOG = LoggerFactory.getLogger(SessionDirectory.class);

  private final FileSystem files;
  private final Path path;
  private final SparkListener end =
      new SparkListener() {
        @Override
        public void onApplicationEnd(SparkListenerApplicationEnd event) {
          files.cancelDeleteOnExit(path);
          delete();
        }
      };

  private SessionDirectory(FileSystem files, Path path) {
    this.files = files;
    this.path = path;
  }

  /**
   * Makes the directory, and a file in it.
   *
   * @param base in which it is made
   * @param name of the directory, which no other has
   * @param mark name of the file, which is empty
   * @throws IOException if it cannot be made; then a part of it may be there
   */
  static SessionDirectory make(SparkContext context, String base, String name, String mark)
      throws IOException {
    Path path = new Path(base, name);
    FileSystem files = path.getFileSystem(context.hadoopConfiguration());
    SessionDirectory made = new SessionDirectory(files, files.makeQualified(path));
    try {
      files.create(new Path(path, mark), true).close();
    } catch (IOException | RuntimeException | FSError cause) {
      made.delete();
      throw cause;
    }
    files.deleteOnExit(made.path);
    context.addSparkListener(made.end);
    return made;
  }

  /** Returns its path, with its scheme. */
  String path() {
    return path.toString();
  }

  /**
   * Deletes the directory before the application ends, and then once more: a task that Spark has
   * given up may still write.
   */
  void delete() {
    try {
      files.delete(path, true);
    } catch (IOException | RuntimeException | FSError cause) {
      LOG.warn("Could not delete {}, which nobody needs any more", path, cause);
    }
  }
}
