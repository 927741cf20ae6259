package io.penstock.ml;

import io.penstock.balance.CutConstraints;
import io.penstock.balance.LayerCosts;
import io.penstock.balance.OutputBlocks;
import io.penstock.feed.MiniBatches;
import io.penstock.launch.cluster.NativeMemory;
import io.penstock.launch.job.ProfileJob;
import io.penstock.nn.Layer;
import io.penstock.nn.Sequences;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.network.SplitOutput;
import io.penstock.schedule.Schedule;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkContext;

/**
 * Split of a fit's network by the param outputBlocks: into as many blocks as it says, or as few as
 * balance the stages.
 *
 * @param params the estimator's
 * @param network as the other params describe it
 */
record OutputSplit(PipelineParallelEstimator<?> params, Sequential network) {
  /** Columns of a block that is chosen, at least: products of fewer are slow. */
  private static final int FEWEST_COLUMNS = 64;

  /** Blocks for each stage, at most, of those that are tried. */
  private static final int MOST_OF_A_STAGE = 8;

  /** Blocks that are tried where that is more than twice the stages. */
  private static final int MOST = 128;

  /**
   * Returns the network with its output split, as far as that follows from the params alone: where
   * the number of stages is to be chosen, too, one that is chosen by it is left whole.
   *
   * @throws IllegalArgumentException if it cannot be split
   */
  Sequential planned() {
    if (params.getOutputBlocks() != 0) {
      return split();
    }
    return params.isAutoStages() && params.isAutoSchedule()
        ? network
        : chosen(constraints(params.getNumStages()));
  }

  /**
   * Returns the network with its output split, for the executors that there are: as a fit was that
   * has left a checkpoint to go on from.
   *
   * @throws IllegalArgumentException if it cannot be split
   */
  Sequential planned(SparkContext context) {
    if (params.getOutputBlocks() != 0) {
      return split();
    }
    return saved(context)
        .orElseGet(
            () -> {
              int ranks =
                  params.isAutoStages()
                      ? ProfileJob.offered(context, network.layers().size() + most(MOST))
                      : params.getNumStages();
              return chosen(
                  constraints(ranks).withMemoryLimit(NativeMemory.available(context.getConf())));
            });
  }

  private Sequential split() {
    Optional<SplitOutput> before = SplitOutput.in(network);
    int blocks = params.getOutputBlocks();
    if (blocks == 1 || before.map(SplitOutput::blocks).filter(of -> of == blocks).isPresent()) {
      return network;
    }
    try {
      return SplitOutput.split(network, blocks);
    } catch (IllegalArgumentException whole) {
      throw new IllegalArgumentException(
          "outputBlocks is " + blocks + ". " + whole.getMessage(), whole);
    }
  }

  /** Returns the network in as many blocks as a checkpoint's; empty if there is no checkpoint. */
  private Optional<Sequential> saved(SparkContext context) {
    if (!canSplit()) {
      return Optional.empty();
    }
    return new FitCheckpoints(params, network)
        .savedNetwork(context)
        .map(text -> SplitOutput.in(Sequential.fromJson(text)).map(SplitOutput::blocks).orElse(1))
        .map(blocks -> SplitOutput.split(network, blocks));
  }

  /** Returns whether the last layer can be split; one that is tied, or split already, stays. */
  private boolean canSplit() {
    List<Layer> layers = network.layers();
    return Sequences.width(network.output()) > 1
        && layers.get(layers.size() - 1).split(1).isPresent();
  }

  private Sequential chosen(CutConstraints constraints) {
    int stages = constraints.stages();
    if (params.isDefined(params.stageStarts())) {
      throw new IllegalArgumentException(
          "outputBlocks is 0, which splits the output for the best cut, but stageStarts is a cut of"
              + " your own. Set outputBlocks to a number of blocks, each of them a layer, or leave"
              + " stageStarts out.");
    }
    if (!canSplit() || stages == 1) {
      return network;
    }
    int microBatches = Math.max(1, params.getNumMicroBatches());
    int rows = MiniBatches.mostRows(network, params.getBatchSize(), microBatches);
    int tried = Math.max(2 * stages, Math.min(MOST_OF_A_STAGE * stages, MOST));
    int blocks =
        new OutputBlocks(constraints, most(tried))
            .least(
                count ->
                    LayerCosts.estimated(
                        SplitOutput.inTraining(network, count), rows, params.resolveUpdater()));
    return SplitOutput.split(network, blocks);
  }

  private int most(int tried) {
    return (int) Math.max(1, Math.min(tried, Sequences.width(network.output()) / FEWEST_COLUMNS));
  }

  /** Returns the stages to balance: those of the schedule, or where that is chosen one a rank. */
  private CutConstraints constraints(int ranks) {
    if (params.isAutoSchedule()) {
      return CutConstraints.of(Math.max(1, ranks));
    }
    Schedule schedule = params.resolveSchedule();
    return CutConstraints.of(schedule);
  }
}
