package io.penstock.ml;

import io.penstock.Amount;
import io.penstock.Bytes;
import io.penstock.balance.ChoiceRequest;
import io.penstock.balance.CutConstraints;
import io.penstock.balance.Prediction;
import io.penstock.feed.EmptyDataException;
import io.penstock.feed.FeatureColumns;
import io.penstock.feed.LabelKind;
import io.penstock.feed.MiniBatches;
import io.penstock.feed.NumberedColumns;
import io.penstock.launch.cluster.DeviceDemand;
import io.penstock.launch.cluster.Findings;
import io.penstock.launch.cluster.GpuUse;
import io.penstock.launch.job.Checkpoints;
import io.penstock.launch.job.RunOptions;
import io.penstock.launch.job.TrainingJob;
import io.penstock.launch.job.TrainingResult;
import io.penstock.link.LinkPrecision;
import io.penstock.nn.Layer;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.network.SplitOutput;
import io.penstock.train.TrainingPlan;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fit of an estimator: checks its params, resolves the plan and runs the training job, whatever its
 * features and labels.
 *
 * @param params the estimator's
 * @param network what is to be trained
 */
record Fit(PipelineParallelEstimator<?> params, Sequential network) {
  /** More than any cluster has; what plans keep for each rank stays small. */
  static final int MOST_EXECUTORS = 100_000;

  private static final Logger LOG = LoggerFactory.getLogger(Fit.class);

  /**
   * Checks that the params, the network and the columns go together, without a job.
   *
   * @throws IllegalArgumentException with what is wrong and what to do
   */
  void check(StructType schema) {
    checkSizes();
    int replicas = Math.max(1, params.getNumReplicas());
    params.resolveReplication(replicas, replicas);
    if (params.isAutoSchedule()) {
      resolution().request();
    } else {
      params.resolvePlan(network, CutConstraints.UNLIMITED);
    }
    params.resolveUpdater();
    params.resolveValidation(schema);
    initial().ifPresent(model -> model.check(network));
    checkLinks();
    new DeviceDemand(gpus(), params.resolveComputePrecision()); // checks them
    network.toWire(); // refuses a custom layer that cannot travel
  }

  /** Token ids are no numbers to be rounded, nor are the sums of a softmax. */
  private void checkLinks() {
    LinkPrecision precision = params.resolveLinkPrecision();
    if (precision != LinkPrecision.FLOAT32
        && SplitOutput.inTraining(network).asksLabels(0, network.layers().size())) {
      throw new IllegalArgumentException(
          "linkPrecision is "
              + precision.id()
              + ", but the network's output is split into blocks, which hand on class ids and sums"
              + " of exponentials: they would be rounded. Set linkPrecision to float32, or"
              + " outputBlocks to 1.");
    }
    for (int layer = 1; layer < network.layers().size(); layer++) {
      if (precision != LinkPrecision.FLOAT32 && embeds(network.layers().get(layer))) {
        throw new IllegalArgumentException(
            "linkPrecision is "
                + precision.id()
                + ", but layer "
                + layer
                + " is an embedding: if a cut lay before it, token ids would be rounded. Make it"
                + " the first layer, or set linkPrecision to float32.");
      }
    }
  }

  private static boolean embeds(Layer layer) {
    return layer.inLine().anyMatch(one -> one.tokenIds().isPresent());
  }

  /** Before a schedule of that size is made, which would take memory without end. */
  private void checkSizes() {
    int layers = network.layers().size();
    boolean virtual = params.isDefined(params.numVirtualStages());
    long ranks = Math.max(1, params.getNumStages());
    long stages = ranks * (virtual ? params.getNumVirtualStages() : 1);
    if (stages > layers) {
      throw new IllegalArgumentException(
          "numStages is "
              + params.getNumStages()
              + (virtual ? " and numVirtualStages " + params.getNumVirtualStages() : "")
              + ", but the network has "
              + new Amount(layers, "layer")
              + " and each stage needs at least one. Take "
              + new Amount(layers, "stage")
              + (layers == 1 ? "" : " or fewer")
              + ", or split a layer in two.");
    }
    long replicas = Math.max(1, params.getNumReplicas());
    if (replicas * ranks > MOST_EXECUTORS) {
      throw new IllegalArgumentException(
          "numReplicas is "
              + replicas
              + " and numStages "
              + ranks
              + ": together these are "
              + new Amount(replicas * ranks, "executor")
              + ", and "
              + MOST_EXECUTORS
              + " are the most. Take fewer replicas.");
    }
    checkRows();
    checkShares(replicas);
    checkExchange(replicas);
  }

  /** What replicas send each other of a layer fits into a frame. */
  private void checkExchange(long replicas) {
    boolean sharded = params.getShardOptimizer();
    for (int layer = 0; replicas > 1 && layer < network.layers().size(); layer++) {
      long bytes = Float.BYTES * network.parameterCount(network.owner(layer));
      long part = sharded ? bytes : bytes / replicas + Float.BYTES;
      if (part > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "Layer "
                + layer
                + " has "
                + new Bytes(bytes).up()
                + " of weights, of which "
                + new Amount(replicas, "replica")
                + " would send each other "
                + new Bytes(part).up()
                + " at a time, and a frame holds 2 GiB. "
                + (sharded
                    ? "Set shardOptimizer to false, or split"
                    : "Take more replicas, or split")
                + " the layer.");
      }
    }
  }

  /** Every replica has a micro-batch of its own in a full mini-batch. */
  private void checkShares(long replicas) {
    long most = params.getBatchSize() / MiniBatches.leastRows(network);
    if (replicas > most) {
      throw new IllegalArgumentException(
          "numReplicas is "
              + replicas
              + ", but a mini-batch has "
              + new Amount(params.getBatchSize(), "row")
              + " (batchSize), and each replica needs "
              + new Amount(MiniBatches.leastRows(network), "row")
              + " at least. Set numReplicas to "
              + most
              + (most == 1 ? "" : " or less")
              + ", or a larger batchSize.");
    }
  }

  private void checkRows() {
    int rows = params.getBatchSize();
    int least = MiniBatches.leastRows(network);
    String why =
        least == 1
            ? "each micro-batch needs at least one."
            : "each micro-batch needs at least "
                + least
                + ": a batch normalisation of one number a channel learns nothing from a single row"
                + " (layerNorm would).";
    if (rows < least) {
      throw new IllegalArgumentException(
          "batchSize is " + rows + ", but " + why + " Set a larger batchSize.");
    }
    if (params.isSet(params.numMicroBatches()) && params.getNumMicroBatches() > rows / least) {
      throw new IllegalArgumentException(
          "numMicroBatches is "
              + params.getNumMicroBatches()
              + ", but a mini-batch has "
              + new Amount(rows, "row")
              + " (batchSize) and "
              + why
              + " Set numMicroBatches to "
              + rows / least
              + (rows / least == 1 ? "" : " or less")
              + ", or a larger batchSize.");
    }
  }

  /**
   * Trains.
   *
   * @param classNames a name for each class, for the model to keep; empty if they have none
   * @param make the estimator's model of what was learnt, of which only params are asked
   * @throws RuntimeException what {@link TrainingJob#run} throws
   */
  FittedNetwork run(
      Dataset<Row> rows,
      FeatureColumns columns,
      LabelKind labels,
      List<String> classNames,
      Function<FittedNetwork, ? extends PipelineParallelModel<?>> make) {
    NumberedColumns all = NumberedColumns.ofAll(rows, "fit");
    SparkSession spark = rows.sparkSession();
    Optional<Checkpoints> checkpoints =
        new FitCheckpoints(params, network)
            .of(spark.sparkContext(), make, new SavedFormat(classNames));
    new FitLog(params, network).params();
    ResolvedPlan resolved = resolution().resolve(spark.sparkContext());
    RunOptions own = options(rows.schema(), checkpoints);
    TrainingPlan plan = resolution().fitted(spark.sparkContext(), resolved);
    RunOptions options =
        FewerExecutors.in(spark.sparkContext(), params, plan, resolved.virtualStages(), own)
            .withName(params.uid())
            .withPrediction(resolved.choice().map(choice -> choice.best().prediction()))
            .withPayoff(resolved.payoff())
            .withPlaces(resolved.places());
    TrainingResult result =
        trained(all, rows, columns, labels, plan, options).withChoice(resolved.choice());
    TrainingSummary summary = new TrainingSummary(spark, plan, result);
    new FitLog(params, network).end(summary);
    return new FittedNetwork(new Scorer(network.toWire(), result.weights()), classNames, summary);
  }

  private RunOptions options(StructType schema, Optional<Checkpoints> checkpoints) {
    RunOptions own = RunOptions.NONE.withGpus(gpus());
    RunOptions kept = checkpoints.map(own::withCheckpoints).orElse(own);
    RunOptions options =
        initial().map(model -> kept.withInitialWeights(model.weights())).orElse(kept);
    return params.resolveValidation(schema).map(options::withValidation).orElse(options);
  }

  private GpuUse gpus() {
    return GpuUse.named(params.getRequireGpu());
  }

  private Optional<InitialModel> initial() {
    return params.isDefined(params.initialModel())
        ? Optional.of(new InitialModel(params.getInitialModel()))
        : Optional.empty();
  }

  /** Trains on all rows, or on those in which nothing is missing. */
  private TrainingResult trained(
      NumberedColumns all,
      Dataset<Row> rows,
      FeatureColumns columns,
      LabelKind labels,
      TrainingPlan plan,
      RunOptions options) {
    if (params.getHandleInvalid().equals("error")) {
      return TrainingJob.run(rows, columns, labels, plan, options);
    }
    NumberedColumns complete = columns.complete(all);
    NumberedColumns known =
        options.validation().map(column -> column.known(complete)).orElse(complete);
    try {
      return TrainingJob.run(known.named(), columns, labels, plan, options);
    } catch (EmptyDataException none) {
      throw none.after(columns.leftOut(params.getHandleInvalid(), all, options.validation()));
    }
  }

  /** Says what {@link #run} would do, without training. */
  Explanation explain(SparkContext context) {
    ResolvedPlan resolved = resolution().resolve(context);
    TrainingPlan plan = resolution().fitted(context, resolved);
    Optional<String> directory = new FitCheckpoints(params, network).ownDirectory();
    long needed = resolution().needed(plan);
    Findings found = TrainingJob.findings(context, plan, needed, gpus(), directory);
    List<String> findings = found.problems();
    int replicas = plan.replication().replicas();
    int microBatches = plan.schedule().microBatches();
    int rows = Math.max(1, plan.batchSize() / replicas);
    // A plan that was chosen from a profile has been played already.
    Optional<Prediction> prediction =
        resolved
            .choice()
            .map(choice -> choice.best().prediction())
            .filter(it -> findings.isEmpty());
    if (findings.isEmpty() && prediction.isEmpty()) {
      ChoiceRequest request =
          ChoiceRequest.of(plan.topology().pipelineRanks(), rows).withMicroBatches(microBatches);
      AutoPlan auto = resolution().auto(context);
      MeasuredRack measured = auto.measure(request);
      prediction = Optional.of(auto.predicted(measured, rows, plan));
      resolved = resolved.measured(measured.profile(), rows);
    }
    return Explanation.of(plan, needed, prediction, found, resolved.payoff());
  }

  private PlanResolution resolution() {
    return new PlanResolution(params, network, gpus());
  }
}
