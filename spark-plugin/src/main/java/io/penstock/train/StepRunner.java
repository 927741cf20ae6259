package io.penstock.train;

import io.penstock.array.Loan;
import io.penstock.feed.Batches;
import io.penstock.feed.RankRows;
import io.penstock.link.Channel;
import io.penstock.link.Tag;
import io.penstock.nn.Places;
import io.penstock.nn.Skip;
import io.penstock.schedule.Action;
import io.penstock.schedule.ActionKind;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Runner of a rank's actions, of one mini-batch after another: forward and backward, not the
 * update. Here is the one switch over kinds of actions. For the rank's thread.
 */
final class StepRunner {
  private final RankContext context;
  private final Exchange exchange;
  private final SkipExchange skips;
  private final StepWatch watch;
  private final WallClock clock;
  private final Map<Integer, Stage> stages;
  private final Stage[] all;
  private final Batches features;
  private final Batches labels;
  private final Set<Integer> asking;
  private final LossHead end;
  private final boolean training;
  private final ActionTimes times = new ActionTimes();
  private final RankMeter meter;
  private final StepUpdate update;
  private final boolean layerByLayer;
  private int peakActivations;

  /**
   * @param stages of this rank, by number
   * @param rows whose features, and labels, are null on a rank that has none
   * @param update what ends a mini-batch; null when nothing is done backward
   * @param meter told what every action took
   */
  StepRunner(
      RankContext context,
      Map<Integer, Stage> stages,
      RankRows rows,
      LossHead end,
      StepUpdate update,
      RankMeter meter) {
    this.context = context;
    this.exchange = context.exchange();
    this.skips = context.skips();
    this.watch = context.watch();
    this.clock = context.clock();
    this.stages = stages;
    this.all = stages.values().toArray(Stage[]::new);
    this.features = rows.features();
    this.labels = rows.labels();
    this.asking =
        stages.entrySet().stream()
            .filter(stage -> stage.getValue().asksLabels())
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet());
    this.end = end;
    this.training = update != null;
    this.update = update;
    this.layerByLayer = training && update.awaitsLayers();
    this.meter = meter;
  }

  /**
   * Does all actions of a mini-batch.
   *
   * @param step names the frames: a number of its own among all steps of the run
   * @param stepOfEpoch which mini-batch of the epoch it is
   * @param rows of the mini-batch
   * @throws DivergedException if a stage makes numbers that are not finite, and that ends the run
   */
  void run(RankProgram program, long step, int stepOfEpoch, int rows) throws InterruptedException {
    times.begin(clock.nanos());
    end.startStep(stepOfEpoch, program.microBatches(), rows);
    begin(program);
    long updating = 0;
    for (Action action : program.actions()) {
      if (context.cancelled().getAsBoolean()) {
        throw new InterruptedException("The task was cancelled before " + action);
      }
      context.position().begin(action);
      long ready = clock.nanos();
      int stage = action.stage();
      int microBatch = action.microBatch();
      long start = ready;
      switch (action.kind()) {
        case RECV_F -> exchange.post(forward(stage, step, microBatch));
        case RECV_B -> exchange.post(backward(stage, step, microBatch));
        case SEND_F -> exchange.send(stage + 1, forward(stage + 1, step, microBatch));
        case SEND_B -> exchange.send(stage - 1, backward(stage - 1, step, microBatch));
        case F -> {
          Loan input =
              stage == 0
                  ? exchange.loanOf(features.microBatch(stepOfEpoch, microBatch))
                  : exchange.take(forward(stage, step, microBatch));
          Places places = context.places().of(stage, step, microBatch, input.array());
          Map<Skip, Loan> saved = takeSaved(input, stage, step, microBatch);
          if (!stages.get(stage).takesIds()) {
            input = context.pool().placed(input);
          }
          Loan wanted =
              asking.contains(stage)
                  ? exchange.loanOf(labels.microBatch(stepOfEpoch, microBatch))
                  : null;
          start = clock.nanos();
          INDArray output =
              stages.get(stage).forward(step, microBatch, input, places, wanted, saved);
          watch.output(stages.get(stage), microBatch, input, saved, output);
          peakActivations = Math.max(peakActivations, held());
          skips.giveSaved(stages.get(stage), stage, step, microBatch);
          if (!isLast(stage)) {
            exchange.put(forward(stage + 1, step, microBatch), exchange.copy(output));
          } else if (!training) {
            end.infer(microBatch, output);
          }
          if (!training) {
            stages.get(stage).forget(microBatch);
          } else if (program.recomputedForwards().contains(action)) {
            stages.get(stage).drop(microBatch);
          }
        }
        case R -> {
          stages.get(stage).restore(microBatch, context.disk());
          start = clock.nanos();
          stages.get(stage).recompute(microBatch);
        }
        case OFFLOAD -> stages.get(stage).offload(microBatch, context.disk());
        case PREFETCH -> stages.get(stage).prefetch(microBatch, context.disk());
        case B, I -> {
          Loan gradient = isLast(stage) ? null : exchange.take(backward(stage, step, microBatch));
          Map<Skip, Loan> saved = takeGradients(gradient, stage, step, microBatch);
          start = clock.nanos();
          if (gradient == null) {
            INDArray output = stages.get(stage).output(microBatch);
            gradient = exchange.like(output);
            end.gradient(microBatch, output, gradient.array());
          }
          Loan inputGradient = stages.get(stage).inputGradient(microBatch, gradient, saved);
          watch.inputGradient(stages.get(stage), microBatch, inputGradient);
          skips.giveGradients(stages.get(stage), stage, step, microBatch);
          if (stage > 0) {
            exchange.put(backward(stage - 1, step, microBatch), inputGradient);
          }
          if (action.kind() == ActionKind.B) {
            weightGradient(program, stages.get(stage), microBatch);
          }
        }
        case W -> weightGradient(program, stages.get(stage), microBatch);
        default -> update.run(action, program.microBatches());
      }
      if (action.kind().isCompute()) {
        settle();
        long done = clock.nanos();
        meter.computed(stage, start - ready, done - start);
        times.add(action, ready, start, done);
      } else if (action.kind().endsMiniBatch()) {
        settle();
        long done = clock.nanos();
        times.add(action, ready, ready, done);
        if (action.kind().isWork()) {
          updating += done - ready;
        } else {
          meter.computed(stage, done - ready, 0);
        }
      } else {
        meter.moved(clock.nanos() - ready);
      }
    }
    context.position().endActions();
    if (context.hasEnd()) {
      end.endStep();
    }
    if (training) {
      update.end();
      meter.exchanged(update.parts());
      meter.updated(updating);
    }
  }

  /** Takes what a forward reads over skips; gives its input back if that does not come. */
  private Map<Skip, Loan> takeSaved(Loan input, int stage, long step, int microBatch)
      throws InterruptedException {
    try {
      return skips.takeSaved(stage, step, microBatch);
    } catch (Throwable failure) {
      try (input) {
        throw failure;
      }
    }
  }

  /**
   * Takes what comes back over skips; gives the gradient back if that does not come.
   *
   * @param gradient null where it is made here
   */
  private Map<Skip, Loan> takeGradients(Loan gradient, int stage, long step, int microBatch)
      throws InterruptedException {
    try {
      return skips.takeGradients(stage, step, microBatch);
    } catch (Throwable failure) {
      try (gradient) {
        throw failure;
      }
    }
  }

  private void begin(RankProgram program) {
    for (Stage stage : all) {
      stage.begin(program.share(), program.microBatches());
      if (layerByLayer && program.share().count() == 0) {
        complete(stage); // a short mini-batch has nothing for this replica
      }
    }
  }

  private void complete(Stage stage) {
    for (int layer = stage.first(); layer < stage.end(); layer++) {
      update.complete(stage, layer);
    }
  }

  private void weightGradient(RankProgram program, Stage stage, int microBatch) {
    if (layerByLayer && microBatch == program.share().end() - 1) {
      stage.lastWeightGradient(microBatch, layer -> update.complete(stage, layer));
    } else {
      stage.weightGradient(microBatch);
    }
  }

  private static Tag forward(int toStage, long step, int microBatch) {
    return new Tag(new Channel.Activation(toStage), step, microBatch);
  }

  private static Tag backward(int toStage, long step, int microBatch) {
    return new Tag(new Channel.Gradient(toStage), step, microBatch);
  }

  private boolean isLast(int stage) {
    return stage == context.plan().stages() - 1;
  }

  private int held() {
    int held = 0;
    for (Stage stage : all) {
      held += stage.held();
    }
    return held;
  }

  /**
   * Waits for a device's kernels: where they run asynchronously, an action is done when they are.
   */
  private void settle() {
    context.pool().device().settle();
  }

  /** Returns the times of the compute actions of the last mini-batch. */
  ActionTimes times() {
    return times;
  }

  /** Returns the most activations held at one time, each of one stage and micro-batch. */
  int peakActivations() {
    return peakActivations;
  }
}
