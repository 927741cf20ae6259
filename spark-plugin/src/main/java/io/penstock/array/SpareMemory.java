package io.penstock.array;

import io.penstock.Internal;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.Supplier;

/**
 * Spare memory of this process: arrays that pools keep for their next use while nobody uses them. A
 * pool keeps by kind the most that was ever out of it, and kinds are not all out at one time, so
 * that together they come to hold more than a run ever uses. Where the process has a {@linkplain
 * NativeHeap#limit limit}, whoever needs fresh memory has spare memory freed first, of whichever
 * pool; so what is used at a time is all that counts. Thread-safe.
 */
@Internal
public final class SpareMemory {
  /**
   * Bytes that pools leave: to arrays of few numbers, which operations make by themselves and the
   * garbage collector frees.
   */
  public static final long RESERVE = 256 << 10;

  /** A second in all, as JavaCPP waits: on a busy machine a confirmation takes its time. */
  private static final int MOST_TRIES = 50;

  private static final long PAUSE_MILLIS = 20;

  /** That of this process. */
  private static final SpareMemory HERE = new SpareMemory();

  /** One who keeps spare memory. */
  @FunctionalInterface
  public interface Keeper {
    /**
     * Frees spare memory: what was not used for the longest time first, until it is as much or
     * nothing is left. Called from any thread, which holds no lock of another keeper.
     *
     * @return how many bytes were freed
     */
    long free(long bytes);
  }

  /** Those that live: who is nobody's any more keeps nothing. */
  private final Set<Keeper> keepers = Collections.newSetFromMap(new WeakHashMap<>());

  private SpareMemory() {}

  /** Adds one who keeps memory in this process, for as long as it lives. */
  public static void add(Keeper keeper) {
    synchronized (HERE.keepers) {
      HERE.keepers.add(keeper);
    }
  }

  /**
   * Allocates fresh memory: frees spare memory before where the process's limit leaves less, and
   * has ND4J take what all others leave. Where that is not enough, it waits a moment for arrays
   * that are on their way back, such as frames whose arrival is about to be confirmed, and for
   * those that the garbage collector frees. Without a limit it allocates at once. The caller holds
   * no lock of a keeper.
   *
   * @param bytes of the memory
   * @param allocation allocates it, and is refused where there is no room
   */
  public static <T> T allocate(long bytes, Supplier<T> allocation) {
    if (!NativeHeap.isLimited()) {
      return allocation.get();
    }
    for (int tries = 1; tries < MOST_TRIES; tries++) {
      // Two threads must not take the same room.
      synchronized (HERE) {
        if (HERE.hasMadeRoom(bytes)) {
          return allocation.get();
        }
      }
      if (!pause(tries == 1)) {
        break;
      }
    }
    synchronized (HERE) {
      HERE.hasMadeRoom(bytes);
      return allocation.get();
    }
  }

  private boolean hasMadeRoom(long bytes) {
    long lack = NativeHeap.lack(bytes + RESERVE);
    for (Keeper keeper : all()) {
      if (lack <= 0) {
        break;
      }
      lack -= keeper.free(lack);
    }
    NativeHeap.renew();
    return lack <= RESERVE;
  }

  private static boolean pause(boolean collects) {
    if (collects) {
      System.gc();
    }
    try {
      Thread.sleep(PAUSE_MILLIS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private List<Keeper> all() {
    synchronized (keepers) {
      return List.copyOf(keepers);
    }
  }
}
