package io.penstock.launch.job;

import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * A file system over the local one whose files go wrong. The driver's look at a directory, before
 * there is a run, goes well. It keeps no sums of its own, unlike Hadoop's local one.
 */
abstract class FaultyDisk extends RawLocalFileSystem {
  private final String scheme;

  FaultyDisk(String scheme) {
    this.scheme = scheme;
  }

  /** Makes one known to whoever has these settings. */
  static void mount(Configuration conf, String scheme, Class<? extends FaultyDisk> disk) {
    conf.set("fs." + scheme + ".impl", disk.getName());
  }

  /** A directory on the one of a scheme. */
  static String under(String scheme, java.nio.file.Path directory) {
    return scheme + "://" + directory;
  }

  /** Whether a file is the driver's, which looks at the directory. */
  static boolean isLook(Path file) {
    return file.getName().startsWith(".driver-");
  }

  /** Called before a file is made, unless that is the driver's look. */
  abstract void creating(Path file) throws IOException;

  /** Returns what a file is written to, unless that is the driver's look. */
  FSDataOutputStream created(Path file, FSDataOutputStream out) throws IOException {
    return out;
  }

  @Override
  public final URI getUri() {
    return URI.create(scheme + ":///");
  }

  @Override
  public final String getScheme() {
    return scheme;
  }

  @Override
  public final FSDataOutputStream create(
      Path file,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    return create(file, overwrite, bufferSize, replication, blockSize, progress);
  }

  @Override
  public final FSDataOutputStream create(
      Path file,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    if (isLook(file)) {
      return super.create(file, overwrite, bufferSize, replication, blockSize, progress);
    }
    creating(file);
    return created(
        file, super.create(file, overwrite, bufferSize, replication, blockSize, progress));
  }
}
