package io.penstock.launch.job;

import io.penstock.checkpoint.RunManifest;

/**
 * Checkpoint that is complete. Immutable.
 *
 * @param directory where it is
 * @param manifest of it
 */
record SavedCheckpoint(String directory, RunManifest manifest) {
  /** Returns the number of steps that were done by then. */
  int step() {
    return manifest.state().step();
  }
}
