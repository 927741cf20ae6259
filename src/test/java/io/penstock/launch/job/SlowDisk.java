package io.penstock.launch.job;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * A file system that takes its time for the first file, at a {@link Gate} of the settings, and then
 * makes it. Interrupted, it says so as HDFS does.
 */
public final class SlowDisk extends RawLocalFileSystem {
  private static final String SCHEME = "slow";
  private static final String GATE = "penstock.test.gate";

  /** Makes it known, with its gate, to whoever has these settings. */
  static void mount(Configuration conf, Gate gate) {
    conf.set("fs." + SCHEME + ".impl", SlowDisk.class.getName());
    conf.set("fs." + SCHEME + ".impl.disable.cache", "true");
    conf.set(GATE, gate.directory());
  }

  /** A directory on it. */
  static String under(Path directory) {
    return SCHEME + "://" + directory;
  }

  @Override
  public URI getUri() {
    return URI.create(SCHEME + ":///");
  }

  @Override
  public String getScheme() {
    return SCHEME;
  }

  private void pass(org.apache.hadoop.fs.Path file) throws InterruptedIOException {
    if (file.getName().startsWith(".driver-")) {
      return; // the driver's look at the directory, before there is a run
    }
    try {
      new Gate(getConf().get(GATE)).pass();
    } catch (Gate.Interrupted interrupted) {
      throw (InterruptedIOException) new InterruptedIOException().initCause(interrupted);
    }
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
    pass(file);
    return super.create(file, permission, overwrite, bufferSize, replication, blockSize, progress);
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
    pass(file);
    return super.create(file, overwrite, bufferSize, replication, blockSize, progress);
  }
}
