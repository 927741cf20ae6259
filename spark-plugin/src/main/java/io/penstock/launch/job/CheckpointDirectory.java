package io.penstock.launch.job;

import io.penstock.checkpoint.RunIdentity;
import io.penstock.checkpoint.RunManifest;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Directory of a run's checkpoints: finds them, and deletes what nobody needs any more. What cannot
 * be deleted stays: that is no reason to fail a run, nor to hide why it failed. Any thread may
 * call.
 *
 * @param run the directory
 * @param conf by which its file system is reached
 */
record CheckpointDirectory(String run, Configuration conf) {
  private static final Logger LOG = LoggerFactory.getLogger(CheckpointDirectory.class);

  /**
   * Finds the complete checkpoints of a run.
   *
   * @param identity of the run, its rows not counted yet
   * @return those of the most steps first
   * @throws IllegalArgumentException if the newest is of another run
   * @throws CheckpointException if the directory cannot be looked into
   */
  List<SavedCheckpoint> of(RunIdentity identity) {
    List<SavedCheckpoint> found;
    try {
      found = SavedCheckpoint.in(run, conf);
    } catch (IOException | RuntimeException | FSError cause) {
      throw CheckpointException.of("Could not look for checkpoints in", run, cause, "");
    }
    if (!found.isEmpty()) {
      SavedCheckpoint newest = found.get(0);
      newest
          .manifest()
          .identity()
          .difference(identity)
          .ifPresent(
              difference -> {
                throw RunStart.refused(newest.directory(), difference);
              });
    }
    return found;
  }

  /** Deletes it with all that is in it. */
  void delete() {
    delete(run);
  }

  /** Deletes one checkpoint. */
  void delete(String checkpoint) {
    Path path = new Path(checkpoint);
    try {
      path.getFileSystem(conf).delete(path, true);
    } catch (IOException | RuntimeException | FSError cause) {
      LOG.warn("Could not delete {}, which nobody needs any more", path, cause);
    }
  }

  /**
   * Deletes the checkpoints that are not complete, or older than all that are. One that has a
   * manifest and may be newer stays, although it could not be read: perhaps the file system failed.
   *
   * @param complete those of the most steps first
   * @param everything whether that one goes, too
   */
  void deleteAllBut(List<SavedCheckpoint> complete, boolean everything) {
    List<String> kept = complete.stream().map(one -> new Path(one.directory()).getName()).toList();
    int newest = complete.isEmpty() ? -1 : complete.get(0).step();
    Path all = new Path(run);
    try {
      if (!all.getFileSystem(conf).exists(all)) {
        return;
      }
      for (FileStatus found : all.getFileSystem(conf).listStatus(all)) {
        String name = found.getPath().getName();
        String path = found.getPath().toString();
        boolean ours = name.startsWith(CheckpointLocation.PREFIX) && !kept.contains(name);
        if (ours
            && (everything
                || CheckpointLocation.step(name) <= newest
                || !RunManifest.isIn(path, conf))) {
          delete(path);
        }
      }
    } catch (IOException | RuntimeException | FSError cause) {
      LOG.warn("Could not look for incomplete checkpoints in {}", all, cause);
    }
  }
}
