package io.penstock.ml;

import org.apache.spark.ml.classification.ProbabilisticClassificationModel;
import org.apache.spark.ml.linalg.DenseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import scala.Tuple3;

/**
 * Classification model that {@link PipelineParallelClassifier} trains. {@code transform} appends
 * the raw prediction (the network's outputs), the probabilities and the predicted class; it scores
 * blocks of rows on every executor and needs no barrier job. Thread-safe once its params are set:
 * any thread may then call.
 */
public final class PipelineParallelClassificationModel
    extends ProbabilisticClassificationModel<Vector, PipelineParallelClassificationModel>
    implements TableModel<PipelineParallelClassificationModel>, SmoothingParams, ClassWeightParams {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final ParamRegistry params = new ParamRegistry();
  private final FittedNetwork fitted;

  PipelineParallelClassificationModel(FittedNetwork fitted) {
    this(Identifiable$.MODULE$.randomUID("pipelineParallelClassificationModel"), fitted);
  }

  PipelineParallelClassificationModel(String uid, FittedNetwork fitted) {
    this(new UidHandover(uid), fitted);
  }

  private PipelineParallelClassificationModel(UidHandover handover, FittedNetwork fitted) {
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

  @Override
  public int numClasses() {
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
        ClassificationColumns.of(withoutWeights(), fitted.classNames()));
  }

  /**
   * This model, as it is now, for the tasks: it tells classes from outputs and needs no weights.
   */
  private PipelineParallelClassificationModel withoutWeights() {
    return copyValues(
        new PipelineParallelClassificationModel(uid, fitted.withoutWeights()), ParamMap.empty());
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
   * Computes the network's outputs for one row. Scoring row by row is slow: prefer {@code
   * transform}.
   *
   * @throws io.penstock.feed.BadRowException for what {@code transform} refuses: a NaN or infinite
   *     value, another number of features, or scores that are not finite
   */
  @Override
  public Vector predictRaw(Vector features) {
    return Vectors.dense(resolveOutputs(features, getFeaturesCol(), false));
  }

  /** Turns outputs into probabilities by softmax, in double precision, in their own array. */
  @Override
  public Vector raw2probabilityInPlace(Vector raw) {
    double[] values = ((DenseVector) raw).values();
    double max = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      max = Math.max(max, value);
    }
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.exp(values[i] - max);
      sum += values[i];
    }
    for (int i = 0; i < values.length; i++) {
      values[i] /= sum;
    }
    return raw;
  }

  Vector probabilities(Vector raw) {
    return raw2probability(raw);
  }

  double predicted(Vector probabilities) {
    return probability2prediction(probabilities);
  }

  @Override
  @SuppressWarnings({"rawtypes", "unchecked"}) // scalac gives it a type that javac cannot match
  public Tuple3 findSummaryModel() {
    return super.findSummaryModel();
  }

  @Override
  public PipelineParallelClassificationModel copy(ParamMap extra) {
    return copyValues(new PipelineParallelClassificationModel(uid, fitted), extra)
        .setParent(parent());
  }

  /** Reads models that {@code save} wrote. */
  public static MLReader<PipelineParallelClassificationModel> read() {
    return new SavedModel.Reader<>(
        PipelineParallelClassificationModel.class, PipelineParallelClassificationModel::new);
  }

  /** Reads a model that {@code save} wrote. */
  public static PipelineParallelClassificationModel load(String path) {
    return read().load(path);
  }
}
