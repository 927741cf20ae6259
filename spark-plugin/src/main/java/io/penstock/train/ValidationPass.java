package io.penstock.train;

import io.penstock.feed.MiniBatches;
import io.penstock.feed.RankRows;
import io.penstock.link.Link;
import io.penstock.link.Tag;
import io.penstock.nn.Metric;
import io.penstock.nn.network.Sequential;
import io.penstock.schedule.Schedule;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Validation pass: takes the validation rows through the network as it is, forwards only, by the
 * forwards of the run's own schedule. Nothing is random in it and nothing is learnt. For the rank's
 * thread.
 */
final class ValidationPass implements AutoCloseable {
  private final RankContext context;
  private final Sequential network;
  private final RankRows rows;
  private final Link link;
  private final Schedule forwards;
  private final Map<Integer, Stage> stages = new TreeMap<>();
  private final Map<Integer, RankProgram> walks = new HashMap<>();

  /**
   * @param trained the rank's stages, whose weights are validated
   */
  ValidationPass(
      RankContext context,
      Sequential network,
      Map<Integer, Stage> trained,
      RankRows rows,
      Link link) {
    this.context = context;
    this.network = network;
    this.rows = rows;
    this.link = link;
    this.forwards =
        TrainingPlan.lowerAndVerify(
            context.plan().schedule().forwards().inARow(context.topology().replicas()));
    long seed = context.plan().seed();
    trained.forEach(
        (number, stage) ->
            stages.put(
                number,
                new Stage(
                    network,
                    stage.first(),
                    stage.end(),
                    stage.weights(),
                    seed,
                    false,
                    context.pool())));
  }

  /**
   * Goes over all rows, in the same order every time.
   *
   * @return loss and metric, on the rank that has the outputs; empty elsewhere
   */
  Optional<Validation> run(int epoch) throws InterruptedException {
    rows.startEpoch(epoch);
    Metric metric = network.loss().metric();
    MetricTally metrics = new MetricTally(metric);
    LossHead end = new LossHead(context, network, rows, metrics);
    RankMeter meter = new RankMeter(context.plan().stages());
    StepRunner runner = new StepRunner(context, stages, rows, end, null, meter);
    MiniBatches miniBatches = rows.miniBatches();
    long from = (long) epoch * miniBatches.steps();
    long to = from + miniBatches.steps();
    ForwardCredits credits =
        new ForwardCredits(context.plan(), context.rank(), true, true, from, to, link);
    for (int s = 0; s < miniBatches.steps(); s++) {
      RankProgram program =
          walks.computeIfAbsent(
              miniBatches.microBatchesOf(s),
              count -> RankProgram.of(forwards.first(count), context.rank()));
      context.watch().validate(epoch, s, miniBatches.steps());
      context.position().begin(" of validation", epoch, s);
      credits.begin(from + s, context.cancelled());
      runner.run(program, Tag.validationStep(from + s), s, miniBatches.rowsOf(s));
      credits.end(from + s);
    }
    return context.reports()
        ? Optional.of(
            new Validation(
                miniBatches.rows(), end.tally().epochLoss(), metric.name(), metrics.value()))
        : Optional.empty();
  }

  /** Gives back the activations of a pass that was not done to its end. */
  @Override
  public void close() {
    stages.values().forEach(Stage::close);
  }
}
