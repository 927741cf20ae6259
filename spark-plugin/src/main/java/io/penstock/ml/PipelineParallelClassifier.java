package io.penstock.ml;

import io.penstock.nn.network.Sequential;
import org.apache.spark.ml.classification.ProbabilisticClassifier;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;

/**
 * Classifier that trains a network cut into stages, one Spark executor each, in micro-batches that
 * flow through them.
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
    implements TableEstimator<PipelineParallelClassifier>,
        ClassLabelEstimator<PipelineParallelClassifier> {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final ParamRegistry params = new ParamRegistry();

  /** Makes an estimator with a uid of its own. */
  public PipelineParallelClassifier() {
    this(Identifiable$.MODULE$.randomUID("pipelineParallelClassifier"));
  }

  /** Makes an estimator with a given uid, as MLlib does when it loads one. */
  public PipelineParallelClassifier(String uid) {
    this(new UidHandover(uid));
  }

  private PipelineParallelClassifier(UidHandover handover) {
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

  private Classification task() {
    return new Classification(this);
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

  /** Trains; columns are found by their whole names, where MLlib's would be paths. */
  @Override
  public PipelineParallelClassificationModel fit(Dataset<?> dataset) {
    transformSchema(dataset.schema(), true);
    return copyValues(train(dataset).setParent(this), ParamMap.empty());
  }

  @Override
  public PipelineParallelClassificationModel train(Dataset<?> dataset) {
    return task().train(dataset, PipelineParallelClassificationModel::new);
  }

  @Override
  public PipelineParallelClassifier copy(ParamMap extra) {
    return (PipelineParallelClassifier) defaultCopy(extra);
  }

  /** Reads estimators that {@code save} wrote. */
  public static MLReader<PipelineParallelClassifier> read() {
    return new EstimatorFiles.Reader<>(
        PipelineParallelClassifier.class, PipelineParallelClassifier::new);
  }

  /** Reads an estimator that {@code save} wrote. */
  public static PipelineParallelClassifier load(String path) {
    return read().load(path);
  }
}
