package io.penstock.launch.job;

import java.io.InterruptedIOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * A file system that takes its time for the first file, at a {@link Gate} of the settings, and then
 * makes it. Interrupted, it says so as HDFS does.
 */
public final class SlowDisk extends FaultyDisk {
  private static final String SCHEME = "slow";
  private static final String GATE = "penstock.test.gate";

  /** Made by Hadoop. */
  public SlowDisk() {
    super(SCHEME);
  }

  /** Makes it known, with its gate, to whoever has these settings. */
  static void mount(Configuration conf, Gate gate) {
    mount(conf, SCHEME, SlowDisk.class);
    conf.set("fs." + SCHEME + ".impl.disable.cache", "true");
    conf.set(GATE, gate.directory());
  }

  /** A directory on it. */
  static String under(java.nio.file.Path directory) {
    return under(SCHEME, directory);
  }

  @Override
  void creating(Path file) throws InterruptedIOException {
    try {
      new Gate(getConf().get(GATE)).pass();
    } catch (Gate.Interrupted interrupted) {
      throw (InterruptedIOException) new InterruptedIOException().initCause(interrupted);
    }
  }
}
