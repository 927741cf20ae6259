package io.penstock.array;

import io.penstock.Internal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/**
 * Free lists of a pool, one for each kind of what it lends: of a kind the newest is taken first,
 * for it lies in the processor's cache most likely, and the oldest of the kind that was used least
 * recently is the first to be evicted. For one thread at a time.
 *
 * @param <K> what those of one list have in common; a kind is used when one is taken or given back
 * @param <T> what is lent; told apart by identity, for arrays are equal if their elements are
 */
@Internal
public final class FreeLists<K, T> {
  /** Lists by kind; the kind that was used last comes last. */
  private final Map<K, Deque<T>> lists = new LinkedHashMap<>(16, 0.75f, true);

  /** Takes the newest of a kind; null if there is none. */
  public T take(K kind) {
    Deque<T> list = lists.get(kind);
    return list == null ? null : list.pollLast();
  }

  /** Gives one back, the newest of its kind from now on. */
  public void give(K kind, T one) {
    lists.computeIfAbsent(kind, absent -> new ArrayDeque<>()).addLast(one);
  }

  /** Takes the one to be evicted first; null if there is none of any kind. */
  public T takeOldest() {
    for (Iterator<Deque<T>> oldest = lists.values().iterator(); oldest.hasNext(); ) {
      T one = oldest.next().pollFirst();
      if (one != null) {
        return one;
      }
      oldest.remove();
    }
    return null;
  }

  /**
   * Evicts the oldest until so many bytes are freed, or nothing is left.
   *
   * @param free frees one, and returns its bytes
   * @return how many bytes were freed
   */
  public long evict(long bytes, ToLongFunction<T> free) {
    long freed = 0;
    while (freed < bytes) {
      T one = takeOldest();
      if (one == null) {
        break;
      }
      freed += free.applyAsLong(one);
    }
    return freed;
  }

  /** All, those of the kind that was used least recently first; forgets kinds that have none. */
  Iterable<T> all() {
    lists.values().removeIf(Deque::isEmpty);
    return () -> lists.values().stream().flatMap(Deque::stream).iterator();
  }

  /** Removes one that {@link #all} told. */
  void remove(T one) {
    Predicate<T> same = other -> other == one;
    for (Deque<T> list : lists.values()) {
      if (list.removeIf(same)) {
        return;
      }
    }
  }

  /** Forgets everything. */
  void clear() {
    lists.clear();
  }
}
