package io.penstock.link;

/**
 * Route of frames: those of one kind for one stage, which all come from one rank, the one that
 * holds the stage that makes them. Immutable.
 */
record Route(char kind, int stage) {
  static Route of(Tag tag) {
    return new Route(tag.kind(), tag.stage());
  }
}
