package io.penstock.schedule;

import io.penstock.Internal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Peak memory of each rank over all runs of a schedule, however the ranks' speeds fall out, in
 * bytes: of what stages keep of their micro-batches, and of the arrays that they hand each other.
 * Stateless; any thread may call.
 *
 * <p>What a rank keeps follows from its own order. Of what it hands to another, or gets from it, as
 * much is counted as there can be: while it does an action, {@linkplain Clocks how far} another may
 * have come, and must have come, is known. An array is counted on both sides from when it leaves
 * until it is used, for then at the latest it has come whole and its sender is told.
 */
@Internal
public final class MemoryPeaks {
  private final Schedule schedule;
  private final StageSizes sizes;
  private final List<Lane> lanes = new ArrayList<>();
  private final Clocks clocks;

  private MemoryPeaks(Schedule schedule, StageSizes sizes) {
    this.schedule = schedule;
    this.sizes = sizes;
    for (int stage = 1; stage < schedule.stages(); stage++) {
      add(stage - 1, stage, sizes.boundary().get(stage - 1), false);
    }
    for (StageSizes.SkipSize skip : sizes.skips()) {
      add(skip.from(), skip.to(), skip.bytes(), true);
    }
    this.clocks = Clocks.of(schedule, peers());
  }

  private void add(int from, int to, long bytes, boolean skip) {
    lanes.add(Lane.forward(schedule, from, to, bytes));
    if (!schedule.isForwardOnly()) {
      lanes.add(Lane.backward(schedule, to, from, bytes, skip));
    }
  }

  private List<Set<Integer>> peers() {
    List<Set<Integer>> peers = new ArrayList<>();
    schedule.ranks().forEach(rank -> peers.add(new TreeSet<>()));
    for (Lane lane : lanes) {
      peers.get(lane.from()).add(lane.to());
      peers.get(lane.to()).add(lane.from());
    }
    return peers;
  }

  /**
   * Returns the peak of each rank.
   *
   * @param schedule of all that may be under way at a time: a rank may begin a mini-batch while
   *     others end the one before, so of two {@linkplain Schedule#inARow in a row}
   */
  public static long[] of(Schedule schedule, StageSizes sizes) {
    MemoryPeaks peaks = new MemoryPeaks(schedule, sizes);
    long[] most = new long[schedule.ranks().size()];
    for (int rank = 0; rank < most.length; rank++) {
      most[rank] = peaks.of(rank);
    }
    return most;
  }

  private long of(int rank) {
    long[] during = kept(schedule.ranks().get(rank));
    Map<Integer, List<Lane>> byPeer = new TreeMap<>();
    for (Lane lane : lanes) {
      if (lane.from() == rank || lane.to() == rank) {
        int peer = lane.from() == rank ? lane.to() : lane.from();
        byPeer.computeIfAbsent(peer, one -> new ArrayList<>()).add(lane);
      }
    }
    byPeer.forEach(
        (peer, shared) -> {
          int done = 0;
          for (int i = 0; i < during.length; i++) {
            done = peer == rank ? i + 1 : Math.max(done, clocks.least(rank, i, peer));
            int most = peer == rank ? done : clocks.most(rank, i, peer, done);
            during[i] += exchanged(shared, rank, i, done, most);
          }
        });
    return Arrays.stream(during).max().orElse(0);
  }

  /**
   * Returns the most that is on a rank's side of its lanes to and from a peer, while it does its
   * action of an index.
   *
   * @param least how many actions the peer has done at least
   * @param most at most
   */
  private static long exchanged(List<Lane> shared, int rank, int index, int least, int most) {
    long peak = 0;
    for (int peersDone = least; peersDone <= most; peersDone++) {
      long bytes = 0;
      for (Lane lane : shared) {
        bytes += lane.from() == rank ? lane.away(index, peersDone) : lane.waiting(peersDone, index);
      }
      peak = Math.max(peak, bytes);
    }
    return peak;
  }

  /** Returns what the stages of a rank keep during each of its actions. */
  private long[] kept(List<Action> actions) {
    boolean forwardOnly = schedule.isForwardOnly();
    Set<Action> all = new HashSet<>(actions);
    long[] during = new long[actions.size()];
    long kept = 0;
    Action written = null; // the last that went to disk, which is there until the next does
    for (int i = 0; i < during.length; i++) {
      Action action = actions.get(i);
      int stage = action.stage();
      long input = sizes.input().get(stage);
      long made = sizes.forward().get(stage);
      during[i] = kept;
      switch (action.kind()) {
        case F -> {
          during[i] = kept + input + made;
          boolean again = all.contains(action.as(ActionKind.R));
          kept += forwardOnly ? 0 : again ? input : input + made;
        }
        case R -> kept += made;
        case I -> kept += sizes.backward(stage);
        case B -> {
          during[i] = kept + sizes.backward(stage);
          kept -= input + made;
        }
        case W -> kept -= sizes.whole(stage);
        case OFFLOAD -> {
          kept -= written == null ? 0 : sizes.input().get(written.stage());
          written = action;
        }
        case PREFETCH -> {
          boolean stillThere = action.as(ActionKind.OFFLOAD).equals(written);
          written = stillThere ? null : written;
          kept += stillThere ? 0 : input;
        }
        default -> {
          // Nothing comes or goes.
        }
      }
      during[i] = Math.max(during[i], kept);
    }
    return during;
  }
}
