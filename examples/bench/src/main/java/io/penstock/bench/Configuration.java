package io.penstock.bench;

import io.penstock.Amount;
import io.penstock.balance.RecomputePolicy;
import io.penstock.link.LinkPrecision;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * One way to do the work.
 *
 * @param stages how many executors
 * @param schedule in which order
 * @param microBatches in how many parts a mini-batch goes; empty where schedule auto chooses
 * @param cut how the layers are shared out among the stages
 * @param recompute which forwards are done twice
 * @param linkPrecision in which numbers activations go from executor to executor
 * @param checkpointSteps steps between two checkpoints; 0 for none
 * @param replicas of all stages, on executors of their own
 * @param offload whether what is kept for second forwards goes to disk
 */
record Configuration(
    int stages,
    String schedule,
    OptionalInt microBatches,
    CutBy cut,
    RecomputePolicy recompute,
    LinkPrecision linkPrecision,
    int checkpointSteps,
    int replicas,
    boolean offload) {
  /** Makes one of a single replica, without checkpoints and offload. */
  Configuration(
      int stages,
      String schedule,
      OptionalInt microBatches,
      CutBy cut,
      RecomputePolicy recompute,
      LinkPrecision linkPrecision) {
    this(stages, schedule, microBatches, cut, recompute, linkPrecision, 0, 1, false);
  }

  /** What stages have an equal share of. */
  enum CutBy {
    /** Of the work, as nearly as can be: the partitioner's cut. */
    COST,
    /** Of the number of layers, the first stages with one more where it does not come out even. */
    COUNT
  }

  private static final String UNPIPELINED = "unpipelined";

  /** The schedule that is chosen by what executors measure, and the number that it chooses. */
  static final String AUTO = "auto";

  /**
   * Every combination of what is asked for. On one stage every schedule is the same work, so that
   * the first stands for all. Where there are several stages, the whole batch at once, one stage
   * after the other, is added: what pipelining is there to beat. Only schedule auto goes with a
   * number of micro-batches that is left to it.
   */
  static List<Configuration> combinations(
      List<Integer> stages,
      List<String> schedules,
      List<OptionalInt> microBatches,
      List<CutBy> cuts,
      List<RecomputePolicy> recomputations,
      List<LinkPrecision> precisions) {
    Set<Configuration> all = new LinkedHashSet<>();
    for (int p : stages) {
      for (OptionalInt m : microBatches) {
        List<String> possible = m.isPresent() ? schedules : List.of(AUTO);
        for (String schedule : p == 1 ? possible.subList(0, 1) : possible) {
          for (CutBy cut : p == 1 ? cuts.subList(0, 1) : cuts) {
            for (RecomputePolicy recompute : recomputations) {
              for (LinkPrecision precision : p == 1 ? precisions.subList(0, 1) : precisions) {
                all.add(new Configuration(p, schedule, m, cut, recompute, precision));
              }
            }
          }
        }
      }
      if (p > 1) {
        all.add(
            new Configuration(
                p,
                UNPIPELINED,
                OptionalInt.of(1),
                cuts.get(0),
                RecomputePolicy.NEVER,
                LinkPrecision.FLOAT32));
      }
    }
    return List.copyOf(all);
  }

  /** This one with a checkpoint after every so many steps; 0 for none. */
  Configuration withCheckpoints(int steps) {
    return with(steps, replicas, offload);
  }

  /** This one with so many replicas, which share its micro-batches. */
  Configuration withReplicas(int count) {
    return with(checkpointSteps, count, offload);
  }

  /** This one with what is kept for second forwards on disk, or in memory. */
  Configuration withOffload(boolean toDisk) {
    return with(checkpointSteps, replicas, toDisk && recompute != RecomputePolicy.NEVER);
  }

  private Configuration with(int steps, int count, boolean toDisk) {
    return new Configuration(
        stages, schedule, microBatches, cut, recompute, linkPrecision, steps, count, toDisk);
  }

  /**
   * Whether its micro-batches go into so many equal shares; those of the whole batch at once are
   * for one replica.
   */
  boolean goesInto(int shares) {
    return microBatches.isEmpty() || microBatches.getAsInt() % shares == 0;
  }

  /** Executors that it takes. */
  int executors() {
    return replicas * stages;
  }

  /** The first layer of every stage where all have as many layers. */
  int[] evenStarts(int layers) {
    return evenStarts(stages, layers);
  }

  /** The first layer of each of so many stages where all have as many layers. */
  static int[] evenStarts(int stages, int layers) {
    return IntStream.range(0, stages)
        .map(stage -> stage * (layers / stages) + Math.min(stage, layers % stages))
        .toArray();
  }

  /**
   * The part of the time in which a pipeline of equal stages works: m / (m + p - 1), where m is a
   * replica's share; empty where m is left open.
   */
  OptionalDouble ideal() {
    if (microBatches.isEmpty()) {
      return OptionalDouble.empty();
    }
    double share = (double) microBatches.getAsInt() / replicas;
    return OptionalDouble.of(share / (share + stages - 1));
  }

  /** Whether a mini-batch goes in so many parts. */
  boolean has(int microBatches) {
    return this.microBatches.equals(OptionalInt.of(microBatches));
  }

  /** The number of micro-batches as it is asked for. */
  String microBatchesText() {
    return microBatches.isPresent() ? Integer.toString(microBatches.getAsInt()) : AUTO;
  }

  /** Whether the other is this work on one executor. */
  boolean isOnOneStage(Configuration other) {
    return other.executors() == 1
        && other.microBatches.equals(microBatches)
        && other.recompute == recompute
        && other.offload == offload
        && other.checkpointSteps == checkpointSteps;
  }

  /** Whether the other is this work on the same executors, one after the other. */
  boolean isUnpipelined(Configuration other) {
    return other.stages == stages
        && other.replicas == replicas
        && other.schedule.equals(UNPIPELINED)
        && other.has(1)
        && other.checkpointSteps == checkpointSteps;
  }

  /** Whether this one takes checkpoints, and the other is the same without. */
  boolean isWithoutCheckpoints(Configuration other) {
    return checkpointSteps > 0 && other.equals(withCheckpoints(0));
  }

  /**
   * Reads the steps between two checkpoints.
   *
   * @throws IllegalArgumentException if it is no whole number of at least 0
   */
  static int steps(String text) {
    if (!text.matches("\\d{1,9}")) {
      throw new IllegalArgumentException(
          "--checkpoint-steps has '" + text + "': write whole numbers, such as 0,20; 0 for none");
    }
    return Integer.parseInt(text);
  }

  /**
   * Reads numbers of micro-batches, {@code auto} among them.
   *
   * @throws IllegalArgumentException if one is neither, or it is left to schedule auto, which is
   *     not asked for
   */
  static List<OptionalInt> microBatches(List<String> words, List<String> schedules) {
    List<OptionalInt> numbers = new ArrayList<>();
    for (String one : words) {
      if (!one.equals(AUTO) && !one.matches("[1-9][0-9]{0,5}")) {
        throw new IllegalArgumentException(
            "--micro-batches has '" + one + "': write whole numbers of at least 1, or auto");
      }
      numbers.add(one.equals(AUTO) ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(one)));
    }
    if (numbers.contains(OptionalInt.empty()) && !schedules.contains(AUTO)) {
      throw new IllegalArgumentException(
          "--micro-batches is '"
              + String.join(",", words)
              + "': schedule auto chooses them; ask for --schedule auto too");
    }
    return numbers;
  }

  /** Reads ways to cut, {@code cost} or {@code count}. */
  static List<CutBy> cuts(List<String> words) {
    return words.stream().map(word -> CutBy.valueOf(word.toUpperCase(Locale.ROOT))).toList();
  }

  @Override
  public String toString() {
    return (replicas == 1 ? "" : new Amount(replicas, "replica") + " of ")
        + new Amount(stages, "stage")
        + ", "
        + schedule
        + ", "
        + (microBatches.isPresent()
            ? new Amount(microBatches.getAsInt(), "micro-batch").toString()
            : "micro-batches by schedule " + AUTO)
        + ", cut by "
        + cut.name().toLowerCase(Locale.ROOT)
        + (recompute == RecomputePolicy.NEVER ? "" : ", recompute " + recompute.id())
        + (offload ? ", offload" : "")
        + (linkPrecision == LinkPrecision.FLOAT32 ? "" : ", links in " + linkPrecision.id())
        + (checkpointSteps == 0
            ? ""
            : ", a checkpoint every " + new Amount(checkpointSteps, "step"));
  }
}
