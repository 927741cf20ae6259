package io.penstock.compute.cuda;

import io.penstock.compute.Geometry;

/**
 * Division of a convolution's places into chunks whose columns fit into scratch memory: some whole
 * pictures, or where one is too much some places of one. It follows from the shape alone, not from
 * what memory is free, for gradients of weights are added up chunk by chunk. Immutable.
 *
 * @param pictures in each chunk but the last
 * @param places of each of its pictures in each chunk but the last
 */
record PlaceChunks(long pictures, long places) {
  /** The most numbers that a chunk has in columns: 64 MiB. */
  static final long MOST = 16L << 20;

  /** What is done with a chunk. */
  @FunctionalInterface
  interface Task {
    /**
     * Does it.
     *
     * @param picture the first
     * @param pictures how many
     * @param place the first of each picture
     * @param places how many of each picture
     */
    void run(long picture, long pictures, long place, long places);
  }

  /**
   * Returns the division.
   *
   * @param lines how many numbers each place takes
   */
  static PlaceChunks of(Geometry geometry, long lines) {
    long places = geometry.vertical().places() * geometry.horizontal().places();
    long pictures = MOST / Math.max(1, lines * places);
    return pictures > 0
        ? new PlaceChunks(pictures, places)
        : new PlaceChunks(1, Math.max(1, MOST / lines));
  }

  /** Does something with each chunk, in ascending order. */
  void forEach(Geometry geometry, Task task) {
    long all = geometry.vertical().places() * geometry.horizontal().places();
    for (long picture = 0; picture < geometry.rows(); picture += pictures) {
      for (long place = 0; place < all; place += places) {
        task.run(
            picture,
            Math.min(pictures, geometry.rows() - picture),
            place,
            Math.min(places, all - place));
      }
    }
  }
}
