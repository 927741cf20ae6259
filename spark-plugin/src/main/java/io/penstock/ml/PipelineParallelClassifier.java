package io.penstock.ml;

import io.penstock.balance.Cut;
import io.penstock.balance.Layout;
import io.penstock.feed.FeatureColumns;
import io.penstock.feed.LabelKind;
import io.penstock.launch.NativeMemory;
import io.penstock.launch.TrainingJob;
import io.penstock.launch.TrainingResult;
import io.penstock.nn.Losses;
import io.penstock.nn.Sequential;
import io.penstock.nn.Updater;
import io.penstock.schedule.Schedule;
import io.penstock.train.TrainingPlan;
import java.util.Optional;
import org.apache.spark.SparkContext;
import org.apache.spark.ml.classification.ProbabilisticClassifier;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.nd4j.linalg.learning.config.IUpdater;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A classifier that trains a network cut into stages, one Spark executor each, in micro-batches
 * that flow through them.
 *
 * <p>Features are one vector column, one {@code array<float>} or {@code array<double>} column
 * ({@code featuresCol}), or several numeric columns ({@code featuresCols}). The label is a class
 * number from 0. The same data, params and seed give the same model to the last bit on any number
 * of stages, however the rows are partitioned.
 *
 * <p>Like all of MLlib's estimators it is not thread-safe while params are set; {@code fit} may run
 * in several threads at once as far as the slots suffice.
 */
public final class PipelineParallelClassifier
    extends ProbabilisticClassifier<
        Vector, PipelineParallelClassifier, PipelineParallelClassificationModel>
    implements PipelineParallelParams, DefaultParamsWritable {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(PipelineParallelClassifier.class);

  private final String uid;
  private final NetworkParams params;

  /** An estimator with a uid of its own. */
  public PipelineParallelClassifier() {
    this(Identifiable$.MODULE$.randomUID("pipelineParallelClassifier"));
  }

  /** An estimator with a given uid, as MLlib makes them when it loads one. */
  public PipelineParallelClassifier(String uid) {
    this(new UidHandover(uid));
  }

  private PipelineParallelClassifier(UidHandover handover) {
    super();
    this.uid = handover.take();
    this.params = new NetworkParams(this);
    params.defaults().forEach(this::setDefault);
  }

  private <T> void setDefault(NetworkParams.Default<T> entry) {
    setDefault(entry.param(), entry.value());
  }

  @Override
  public String uid() {
    return uid == null ? UidHandover.current() : uid;
  }

  @Override
  public Object networkParams() {
    return params;
  }

  /** Several numeric columns as features; takes the place of {@code setFeaturesCol}. */
  public PipelineParallelClassifier setFeaturesCols(String... columns) {
    set(featuresCols(), columns);
    return this;
  }

  /** Sizes of a perceptron's layers, from inputs to classes. */
  public PipelineParallelClassifier setLayers(int... sizes) {
    set(layers(), sizes);
    return this;
  }

  /** The network; takes the place of {@code setLayers}. */
  public PipelineParallelClassifier setNetwork(Sequential network) {
    set(network(), network.toJson());
    return this;
  }

  /** Number of executors that the network is spread over, a stage each or several. */
  public PipelineParallelClassifier setNumStages(int value) {
    set(numStages(), value);
    return this;
  }

  /** Number of micro-batches of a mini-batch. */
  public PipelineParallelClassifier setNumMicroBatches(int value) {
    set(numMicroBatches(), value);
    return this;
  }

  /** Rows of a mini-batch. */
  public PipelineParallelClassifier setBatchSize(int value) {
    set(batchSize(), value);
    return this;
  }

  /** Passes over the data. */
  public PipelineParallelClassifier setEpochs(int value) {
    set(epochs(), value);
    return this;
  }

  /** Updater by name: sgd, nesterovs or adam. */
  public PipelineParallelClassifier setUpdater(String name) {
    set(updater(), name);
    return this;
  }

  /** One of ND4J's updaters with all its settings, a learning-rate schedule among them. */
  public PipelineParallelClassifier setUpdater(IUpdater value) {
    set(updater(), Updater.of(value).toJson());
    return this;
  }

  /** Learning rate of an updater given by name. */
  public PipelineParallelClassifier setLearningRate(double value) {
    set(learningRate(), value);
    return this;
  }

  /** Number of stages on each executor, where the schedule can have several. */
  public PipelineParallelClassifier setNumVirtualStages(int value) {
    set(numVirtualStages(), value);
    return this;
  }

  /** Forwards of the first executor to warm up, where the schedule lets one choose. */
  public PipelineParallelClassifier setWarmUp(int value) {
    set(warmUp(), value);
    return this;
  }

  /** The first layer of every stage, in place of the best cut. */
  public PipelineParallelClassifier setStageStarts(int... layers) {
    set(stageStarts(), layers);
    return this;
  }

  /** Schedule by its id, such as gpipe or 1f1b, the name of a CSV file, or auto. */
  public PipelineParallelClassifier setSchedule(String id) {
    set(schedule(), id);
    return this;
  }

  /** What keys all random numbers. */
  public PipelineParallelClassifier setSeed(long value) {
    set(seed(), value);
    return this;
  }

  /**
   * Checks params and columns without a job.
   *
   * @throws IllegalArgumentException with what is wrong and what to do
   */
  @Override
  public StructType transformSchema(StructType schema) {
    Sequential network = classifying();
    if (isAutoSchedule()) {
      resolveChoice();
    } else {
      resolveCut(network, resolveSchedule(), Layout.UNLIMITED);
    }
    resolveUpdater();
    featureColumns(schema, network);
    ScoreColumns.checkThresholds(this, (int) network.output().size());
    return ScoreColumns.of(this).appendedTo(schema);
  }

  @Override
  public PipelineParallelClassificationModel train(Dataset<?> dataset) {
    Dataset<Row> rows = dataset.toDF();
    Sequential network = classifying();
    FeatureColumns columns = featureColumns(rows.schema(), network);
    ResolvedPlan resolved = resolvePlan(rows.sparkSession().sparkContext(), network);
    TrainingPlan plan =
        new TrainingPlan(
            network.toJson(),
            resolveUpdater().toJson(),
            resolved.cut().starts(),
            resolved.schedule(),
            getBatchSize(),
            getEpochs(),
            getSeed());
    TrainingResult result =
        TrainingJob.run(rows, columns, LabelKind.classId((int) network.output().size()), plan)
            .withChoice(resolved.choice());
    result.prediction().ifPresent(LOG::info);
    return new PipelineParallelClassificationModel(
        Identifiable$.MODULE$.randomUID("pipelineParallelClassificationModel"),
        new Scorer(network.toJson(), result.weights()),
        result);
  }

  private ResolvedPlan resolvePlan(SparkContext context, Sequential network) {
    if (isAutoSchedule()) {
      ResolvedPlan plan = AutoPlan.choose(context, network, resolveUpdater(), resolveChoice());
      plan.choice()
          .ifPresent(choice -> LOG.info("Plan for {} stages\n{}", getNumStages(), choice.table()));
      return plan;
    }
    Schedule schedule = resolveSchedule();
    try {
      Cut cut = resolveCut(network, schedule, NativeMemory.available(context.getConf()));
      return new ResolvedPlan(schedule, cut, Optional.empty());
    } catch (IllegalArgumentException tooLittle) {
      throw new IllegalArgumentException(
          tooLittle.getMessage()
              + ". What an executor can hold is spark.executor.memoryOverhead, or without it the"
              + " executor's heap size (of a local master: --driver-memory).",
          tooLittle);
    }
  }

  private FeatureColumns featureColumns(StructType schema, Sequential network) {
    return FeatureColumns.of(
        schema,
        resolveFeatures(getFeaturesCol()),
        getLabelCol(),
        Math.toIntExact(network.input().size()));
  }

  private Sequential classifying() {
    Sequential network = resolveNetwork();
    if (!network.loss().equals(Losses.softmaxCrossEntropy())) {
      throw new IllegalArgumentException(
          "The network's loss is "
              + network.loss().name()
              + "; a classifier needs softmax cross-entropy. Build it with"
              + " loss(Losses.softmaxCrossEntropy()).");
    }
    return network;
  }

  @Override
  public PipelineParallelClassifier copy(ParamMap extra) {
    return (PipelineParallelClassifier) defaultCopy(extra);
  }

  @Override
  public MLWriter write() {
    return DefaultParamsWritable.super.write();
  }

  /** Reads estimators that {@code save} wrote. */
  public static MLReader<PipelineParallelClassifier> read() {
    return new DefaultParamsReader<>();
  }

  /** Reads an estimator that {@code save} wrote. */
  public static PipelineParallelClassifier load(String path) {
    return read().load(path);
  }
}
