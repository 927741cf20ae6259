package io.penstock.ml;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;

/**
 * What blocks hold, one after another, each block made of its source when it is reached.
 *
 * @param <S> the source of a block
 * @param <T> what a block holds
 */
abstract class FlatBlocks<S, T> implements Iterator<T> {
  private final Iterator<S> sources;
  private final Queue<T> held = new ArrayDeque<>();

  FlatBlocks(Iterator<S> sources) {
    this.sources = sources;
  }

  /** Returns what a block holds, which may be nothing. */
  abstract List<T> of(S source);

  @Override
  public final boolean hasNext() {
    while (held.isEmpty() && sources.hasNext()) {
      held.addAll(of(sources.next()));
    }
    return !held.isEmpty();
  }

  @Override
  public final T next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return held.remove();
  }
}
