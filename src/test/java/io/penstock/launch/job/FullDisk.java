package io.penstock.launch.job;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.net.URI;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * A file system on which directories have room but files have not. It says so as Hadoop's own local
 * one does: by an error that is no exception.
 */
public final class FullDisk extends RawLocalFileSystem {
  private static final String SCHEME = "full";

  /** Makes it known to whoever has these settings. */
  static void mount(Configuration conf) {
    conf.set("fs." + SCHEME + ".impl", FullDisk.class.getName());
  }

  /** A directory on it. */
  static String under(Path directory) {
    return SCHEME + "://" + directory;
  }

  /** What Hadoop throws, whose constructor is its own. */
  static FSError error() {
    try {
      Constructor<FSError> own = FSError.class.getDeclaredConstructor(Throwable.class);
      own.setAccessible(true);
      return own.newInstance(new IOException("No space left on device"));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public URI getUri() {
    return URI.create(SCHEME + ":///");
  }

  @Override
  public String getScheme() {
    return SCHEME;
  }

  @Override
  public FSDataOutputStream create(
      org.apache.hadoop.fs.Path file,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    if (isLook(file)) {
      return super.create(
          file, permission, overwrite, bufferSize, replication, blockSize, progress);
    }
    throw error();
  }

  @Override
  public FSDataOutputStream create(
      org.apache.hadoop.fs.Path file,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    if (isLook(file)) {
      return super.create(file, overwrite, bufferSize, replication, blockSize, progress);
    }
    throw error();
  }

  /** An empty file, for which there is room: the driver looks at a directory before a run. */
  private static boolean isLook(org.apache.hadoop.fs.Path file) {
    return file.getName().startsWith(".driver-");
  }

  @Override
  public FileStatus[] listStatus(org.apache.hadoop.fs.Path directory) {
    return new FileStatus[0];
  }
}
