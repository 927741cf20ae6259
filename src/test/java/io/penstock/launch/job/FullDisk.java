package io.penstock.launch.job;

import java.io.IOException;
import java.lang.reflect.Constructor;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * A file system on which directories have room but files have not. It says so as Hadoop's own local
 * one does: by an error that is no exception.
 */
public final class FullDisk extends FaultyDisk {
  private static final String SCHEME = "full";

  /** Made by Hadoop. */
  public FullDisk() {
    super(SCHEME);
  }

  /** Makes it known to whoever has these settings. */
  static void mount(Configuration conf) {
    mount(conf, SCHEME, FullDisk.class);
  }

  /** A directory on it. */
  static String under(java.nio.file.Path directory) {
    return under(SCHEME, directory);
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
  void creating(Path file) {
    throw error();
  }

  @Override
  public FileStatus[] listStatus(Path directory) {
    return new FileStatus[0];
  }
}
