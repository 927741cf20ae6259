package io.penstock.train;

import io.penstock.Internal;
import io.penstock.link.LinkStats;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Result of a rank: its measurements and, of a small network, its layers' weights. Not to be
 * changed once made; then any thread may read it.
 *
 * @param rank its number, from 0
 * @param pid the id of the process it ran in
 * @param weights by layer of the network, the parameters in {@link
 *     io.penstock.nn.Parameters#flat()} order; layers without any are left out, and all where the
 *     rank has written them to files
 * @param stepLosses the mean loss of a row in every step, NaN where nothing in it counts, on the
 *     rank of the last stage; else empty. Of more than {@link #MOST_STEPS}, here and below the
 *     newest
 * @param stepStarts when every step's first compute action started, in nanoseconds of the wall
 *     clock
 * @param stepEnds when every step's last compute action was done
 * @param lastStep when the compute actions of the last step ran
 * @param lastParts moments of the parts of gradients that went between replicas in the last step;
 *     empty without replicas
 * @param peakActivations the most activations held at one time, each of one stage and micro-batch
 * @param traffic of its link, in frames and bytes
 * @param bestEpoch the epoch, from 0, whose weights these are where validation rows told the best
 *     one; -1 where they are those of the last epoch, whatever it was
 * @param outputs of a forward-only run, on the rank of the last stage: the network's outputs of
 *     every micro-batch of every step, rows after rows; else empty
 */
@Internal
public record RankResult(
    int rank,
    long pid,
    Map<Integer, float[]> weights,
    double[] stepLosses,
    long[] stepStarts,
    long[] stepEnds,
    List<ActionTime> lastStep,
    List<PartTime> lastParts,
    int peakActivations,
    LinkStats traffic,
    int bestEpoch,
    List<float[]> outputs)
    implements Serializable {
  /** Most steps that it tells of, the newest: those of a long run shall travel too. */
  public static final int MOST_STEPS = 1 << 14;

  /** Most bytes that times and losses of steps take. */
  public static final long STEP_BYTES = (2L * Long.BYTES + Double.BYTES) * MOST_STEPS;

  public RankResult {
    weights = new TreeMap<>(weights);
    lastStep = List.copyOf(lastStep);
    lastParts = List.copyOf(lastParts);
    outputs = List.copyOf(outputs);
  }
}
