package io.penstock.ml;

import io.penstock.nn.network.Sequential;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.regression.Regressor;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;

/**
 * Regressor that trains a network cut into stages, one Spark executor each, in micro-batches that
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

  /** Makes an estimator with a uid of its own. */
  public PipelineParallelRegressor() {
    this(Identifiable$.MODULE$.randomUID("pipelineParallelRegressor"));
  }

  /** Makes an estimator with a given uid, as MLlib does when it loads one. */
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

  /** Sets the loss: squaredError, absoluteError or huber. */
  public PipelineParallelRegressor setLoss(String name) {
    set(loss(), name);
    return this;
  }

  /** Sets the difference, in the label's unit, from where on the loss huber is linear. */
  public PipelineParallelRegressor setHuberDelta(double difference) {
    set(huberDelta(), difference);
    return this;
  }

  private Regression task() {
    return new Regression(this);
  }

  @Override
  public Sequential resolveNetwork() {
    return task().network();
  }

  /**
   * Checks params and columns without a job.
   *
   * @throws IllegalArgumentException with what is wrong and what to do
   */
  @Override
  public StructType transformSchema(StructType schema) {
    return task().transformSchema(schema);
  }

  /** Trains; the label is taken as it is, where MLlib's would be cast to one number. */
  @Override
  public PipelineParallelRegressionModel fit(Dataset<?> dataset) {
    transformSchema(dataset.schema(), true);
    return copyValues(train(dataset).setParent(this), ParamMap.empty());
  }

  @Override
  public PipelineParallelRegressionModel train(Dataset<?> dataset) {
    return task().train(dataset, PipelineParallelRegressionModel::new);
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
