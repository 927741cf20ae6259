package io.penstock.launch.job;

import io.penstock.checkpoint.FileSum;
import io.penstock.checkpoint.RunIdentity;
import io.penstock.checkpoint.RunManifest;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
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
   * Returns a directory with its file system and from its root, as the driver understands it: on an
   * executor a relative one is another.
   *
   * @throws IllegalArgumentException if its file system cannot be reached
   */
  static String qualified(String directory, Configuration conf) {
    try {
      Path path = new Path(directory);
      return path.getFileSystem(conf).makeQualified(path).toString();
    } catch (IOException | RuntimeException cause) {
      throw new IllegalArgumentException(
          "There is no writing checkpoints to " + directory + ": " + cause, cause);
    }
  }

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
      found = complete();
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

  /**
   * Finds the complete checkpoints, of any run. One whose manifest cannot be read is left out, with
   * a line in the log, where there is another.
   *
   * @return those of the most steps first
   * @throws IOException if the directory cannot be listed, or there are manifests in it of which
   *     none can be read: to begin anew would be to throw them away
   */
  List<SavedCheckpoint> complete() throws IOException {
    List<SavedCheckpoint> found = new ArrayList<>();
    IOException unreadable = null;
    for (Path one : all()) {
      String directory = one.toString();
      try {
        RunManifest.read(directory, conf)
            .map(manifest -> new SavedCheckpoint(directory, manifest))
            .ifPresent(found::add);
      } catch (IOException cause) {
        LOG.warn("A checkpoint is passed over: {}", cause.getMessage());
        unreadable = cause;
      }
    }
    if (found.isEmpty() && unreadable != null) {
      throw unreadable;
    }
    found.sort(Comparator.comparingInt(SavedCheckpoint::step).reversed());
    return found;
  }

  /** Returns the names of the attempts that have left something. */
  Set<String> attempts() {
    try {
      return all().stream()
          .map(one -> CheckpointLocation.attempt(one.getName()))
          .collect(Collectors.toSet());
    } catch (IOException | RuntimeException | FSError cause) {
      LOG.warn("Could not look for what earlier runs have left in {}", run, cause);
      return Set.of();
    }
  }

  /**
   * Lists what has a checkpoint's name, complete or not: other people's files may lie beside.
   *
   * @return nothing where the directory is not there
   */
  private List<Path> all() throws IOException {
    Path path = new Path(run);
    FileSystem files = path.getFileSystem(conf);
    if (!files.exists(path)) {
      return List.of();
    }
    return Stream.of(files.listStatus(path))
        .filter(FileStatus::isDirectory)
        .map(FileStatus::getPath)
        .filter(one -> CheckpointLocation.step(one.getName()) >= 0)
        .toList();
  }

  /**
   * Checks before the run that the driver can write here, and that what it has written can be seen.
   *
   * @throws IllegalArgumentException if it cannot
   */
  void check() {
    Path mark = new Path(run, ".driver-" + UUID.randomUUID());
    try {
      FileSystem files = mark.getFileSystem(conf);
      files.create(mark, true).close();
      files.delete(mark, false);
    } catch (IOException | RuntimeException | FSError cause) {
      throw new IllegalArgumentException(
          "Checkpoints cannot be written to "
              + run
              + ": "
              + cause
              + ". Give checkpointDir a directory that the driver and all executors may write to.",
          cause);
    }
  }

  /**
   * Checks that the driver sees the files that ranks have written.
   *
   * @param place of the checkpoint
   * @throws IOException naming the first that it does not see, or not whole
   */
  void checkSeen(String place, List<FileSum> sums) throws IOException {
    for (FileSum sum : sums) {
      if (!isSeen(new Path(place, sum.name()), sum.bytes())) {
        throw new IOException(
            "an executor has written "
                + sum.name()
                + ", of "
                + sum.bytes()
                + " bytes, but the driver does not see it there: the directory is not shared. Give"
                + " checkpointDir a directory of a file system that the driver and all executors"
                + " share");
      }
    }
  }

  private boolean isSeen(Path file, long bytes) throws IOException {
    try {
      return file.getFileSystem(conf).getFileStatus(file).getLen() == bytes;
    } catch (FileNotFoundException missing) {
      return false;
    }
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
   * @param own names of the run's attempts, and of those that have left something before it: what
   *     another run writes meanwhile is not touched
   */
  void deleteAllBut(List<SavedCheckpoint> complete, boolean everything, Set<String> own) {
    List<String> kept = complete.stream().map(one -> new Path(one.directory()).getName()).toList();
    int newest = complete.isEmpty() ? -1 : complete.get(0).step();
    try {
      for (Path found : all()) {
        String name = found.getName();
        boolean spare = own.contains(CheckpointLocation.attempt(name)) && !kept.contains(name);
        if (spare
            && (everything
                || CheckpointLocation.step(name) <= newest
                || !RunManifest.isIn(found.toString(), conf))) {
          delete(found.toString());
        }
      }
    } catch (IOException | RuntimeException | FSError cause) {
      LOG.warn("Could not look for incomplete checkpoints in {}", run, cause);
    }
  }
}
