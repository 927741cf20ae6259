package io.penstock.ml;

import io.penstock.feed.FeatureColumns;
import io.penstock.feed.LabelKind;
import io.penstock.nn.Loss;
import io.penstock.nn.loss.SoftmaxCrossEntropy;
import io.penstock.nn.network.Sequential;
import java.util.List;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.regression.Regressor;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * A regressor that trains a network cut into stages, one Spark executor each, in micro-batches that
 * flow through them.
 *
 * <p>Features are one vector column, one {@code array<float>} or {@code array<double>} column
 * ({@code featuresCol}), or several numeric columns ({@code featuresCols}). The network has an
 * output for each target. One target is a numeric column; several are one column of vectors or of
 * arrays of numbers, and the prediction is then a vector. The same data, params and seed give the
 * same model to the last bit on any number of stages, however the rows are partitioned.
 *
 * <p>Like all of MLlib's estimators it is not thread-safe while params are set; {@code fit} may run
 * in several threads at once, and waits for slots.
 */
public final class PipelineParallelRegressor
    extends Regressor<Vector, PipelineParallelRegressor, PipelineParallelRegressionModel>
    implements TableEstimator<PipelineParallelRegressor>, LossParams {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final ParamRegistry params = new ParamRegistry();

  /** An estimator with a uid of its own. */
  public PipelineParallelRegressor() {
    this(Identifiable$.MODULE$.randomUID("pipelineParallelRegressor"));
  }

  /** An estimator with a given uid, as MLlib makes them when it loads one. */
  public PipelineParallelRegressor(String uid) {
    this(new UidHandover(uid));
  }

  private PipelineParallelRegressor(UidHandover handover) {
    super();
    this.uid = handover.take();
    params.declare(this);
  }

  @Override
  public String uid() {
    return uid == null ? UidHandover.current() : uid;
  }

  @Override
  public ParamRegistry paramRegistry() {
    return params;
  }

  /** What is made small: squaredError, absoluteError or huber. */
  public PipelineParallelRegressor setLoss(String name) {
    set(loss(), name);
    return this;
  }

  /** The difference, in the label's unit, from where on the loss huber is linear. */
  public PipelineParallelRegressor setHuberDelta(double difference) {
    set(huberDelta(), difference);
    return this;
  }

  /**
   * Checks params and columns without a job.
   *
   * @throws IllegalArgumentException with what is wrong and what to do
   */
  @Override
  public StructType transformSchema(StructType schema) {
    Sequential network = resolveNetwork();
    new Fit(this, network).check(schema);
    featureColumns(schema, network);
    return ScoreColumn.appended(
        schema,
        RegressionColumns.of(getPredictionCol(), (int) network.output().size()).columns(),
        getHandleInvalid().equals("keep"));
  }

  /** Trains; the label is taken as it is, where MLlib's would be cast to one number. */
  @Override
  public PipelineParallelRegressionModel fit(Dataset<?> dataset) {
    transformSchema(dataset.schema(), true);
    return copyValues(train(dataset).setParent(this), ParamMap.empty());
  }

  @Override
  public PipelineParallelRegressionModel train(Dataset<?> dataset) {
    Dataset<Row> rows = dataset.toDF();
    Sequential network = resolveNetwork();
    return model(
        new Fit(this, network)
            .run(
                rows,
                featureColumns(rows.schema(), network),
                labels(network),
                List.of(),
                PipelineParallelRegressor::model));
  }

  private static PipelineParallelRegressionModel model(FittedNetwork trained) {
    return new PipelineParallelRegressionModel(
        Identifiable$.MODULE$.randomUID("pipelineParallelRegressionModel"), trained);
  }

  private static LabelKind labels(Sequential network) {
    return LabelKind.reals(Math.toIntExact(network.output().size()));
  }

  private FeatureColumns featureColumns(StructType schema, Sequential network) {
    return resolveWeight(
        FeatureColumns.of(
            schema,
            resolveFeatures(getFeaturesCol()),
            getLabelCol(),
            labels(network),
            Math.toIntExact(network.input().size())),
        schema);
  }

  @Override
  public Sequential resolveNetwork() {
    Loss usual = resolveLoss();
    Sequential network = resolveNetwork(usual);
    if (network.loss() instanceof SoftmaxCrossEntropy) {
      throw new IllegalArgumentException(
          "The network's loss is softmaxCrossEntropy, whose labels are classes; a regressor needs"
              + " one of numbers. Build it with loss(Losses.squaredError()), or take"
              + " PipelineParallelClassifier.");
    }
    if (isDefined(network()) && isSet(loss()) && !network.loss().equals(usual)) {
      throw new IllegalArgumentException(
          "loss is "
              + getLoss()
              + ", but network brings its own loss, "
              + network.loss().name()
              + ". Leave loss out, or build the network with the loss that is wanted.");
    }
    return network;
  }

  @Override
  public PipelineParallelRegressor copy(ParamMap extra) {
    return (PipelineParallelRegressor) defaultCopy(extra);
  }

  /** Reads estimators that {@code save} wrote. */
  public static MLReader<PipelineParallelRegressor> read() {
    return new EstimatorFiles.Reader<>(
        PipelineParallelRegressor.class, PipelineParallelRegressor::new);
  }

  /** Reads an estimator that {@code save} wrote. */
  public static PipelineParallelRegressor load(String path) {
    return read().load(path);
  }
}
