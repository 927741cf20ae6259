package io.penstock.launch.job;

import io.penstock.checkpoint.RunManifest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checkpoint that is complete. Immutable.
 *
 * @param directory where it is
 * @param manifest of it
 */
record SavedCheckpoint(String directory, RunManifest manifest) {
  private static final Logger LOG = LoggerFactory.getLogger(SavedCheckpoint.class);

  /**
   * Finds the complete checkpoints of a run. One whose manifest cannot be read is left out, with a
   * line in the log, where there is another.
   *
   * @param run directory of the run's checkpoints, which need not be there
   * @return those of the most steps first
   * @throws IOException if the directory cannot be listed, or there are manifests in it of which
   *     none can be read: to begin anew would be to throw them away
   */
  static List<SavedCheckpoint> in(String run, Configuration conf) throws IOException {
    Path path = new Path(run);
    FileSystem files = path.getFileSystem(conf);
    List<SavedCheckpoint> found = new ArrayList<>();
    if (!files.exists(path)) {
      return found;
    }
    IOException unreadable = null;
    for (FileStatus one : files.listStatus(path)) {
      String directory = one.getPath().toString();
      if (one.isDirectory() && CheckpointLocation.step(one.getPath().getName()) >= 0) {
        try {
          RunManifest.read(directory, conf)
              .map(manifest -> new SavedCheckpoint(directory, manifest))
              .ifPresent(found::add);
        } catch (IOException cause) {
          LOG.warn("A checkpoint is passed over: {}", cause.getMessage());
          unreadable = cause;
        }
      }
    }
    if (found.isEmpty() && unreadable != null) {
      throw unreadable;
    }
    found.sort(Comparator.comparingInt(SavedCheckpoint::step).reversed());
    return found;
  }

  /** Returns the number of steps that were done by then. */
  int step() {
    return manifest.state().step();
  }
}
