package io.penstock.ml;

import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.regression.RegressionModel;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * Regression model that {@link PipelineParallelRegressor} trains. {@code transform} appends the
 * prediction: a number or, of several targets, a vector of them. It scores blocks of rows on every
 * executor and needs no barrier job. Thread-safe once its params are set: any thread may then call.
 */
public final class PipelineParallelRegressionModel
    extends RegressionModel<Vector, PipelineParallelRegressionModel>
    implements TableModel<PipelineParallelRegressionModel>, LossParams {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final ParamRegistry params = new ParamRegistry();
  private final FittedNetwork fitted;

  PipelineParallelRegressionModel(FittedNetwork fitted) {
    this(Identifiable$.MODULE$.randomUID("pipelineParallelRegressionModel"), fitted);
  }

  PipelineParallelRegressionModel(String uid, FittedNetwork fitted) {
    this(new UidHandover(uid), fitted);
  }

  private PipelineParallelRegressionModel(UidHandover handover, FittedNetwork fitted) {
    super();
    this.uid = handover.take();
    this.fitted = fitted;
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

  @Override
  public FittedNetwork fittedNetwork() {
    return fitted;
  }

  /** Returns the number of targets: from 2 on the prediction is a vector. */
  public int numTargets() {
    return (int) describe().output().size();
  }

  @Override
  public int numFeatures() {
    return (int) describe().input().size();
  }

  private Scoring scoring(StructType schema) {
    return Scoring.of(
        this,
        resolveRows(schema, getFeaturesCol()),
        RegressionColumns.of(getPredictionCol(), numTargets()));
  }

  @Override
  public StructType transformSchema(StructType schema) {
    return scoring(schema).schema(schema);
  }

  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    transformSchema(dataset.schema(), true);
    return scoring(dataset.schema()).apply(dataset);
  }

  /**
   * Predicts the target of one row. Scoring row by row is slow: prefer {@code transform}.
   *
   * @throws UnsupportedOperationException if there are several targets
   * @throws io.penstock.feed.BadRowException for what {@code transform} refuses: a NaN or infinite
   *     value, another number of features, or scores that are not finite
   */
  @Override
  public double predict(Vector features) {
    if (numTargets() > 1) {
      throw new UnsupportedOperationException(
          "The model has " + numTargets() + " targets, which predictAll(Vector) gives.");
    }
    return resolveOutputs(features, getFeaturesCol(), true)[0];
  }

  /**
   * Predicts all targets of one row. Scoring row by row is slow: prefer {@code transform}.
   *
   * @throws io.penstock.feed.BadRowException for what {@code transform} refuses: a NaN or infinite
   *     value, another number of features, or scores that are not finite
   */
  public Vector predictAll(Vector features) {
    return Vectors.dense(resolveOutputs(features, getFeaturesCol(), true));
  }

  @Override
  public PipelineParallelRegressionModel copy(ParamMap extra) {
    return copyValues(new PipelineParallelRegressionModel(uid, fitted), extra).setParent(parent());
  }

  /** Reads models that {@code save} wrote. */
  public static MLReader<PipelineParallelRegressionModel> read() {
    return new SavedModel.Reader<>(
        PipelineParallelRegressionModel.class, PipelineParallelRegressionModel::new);
  }

  /** Reads a model that {@code save} wrote. */
  public static PipelineParallelRegressionModel load(String path) {
    return read().load(path);
  }
}
