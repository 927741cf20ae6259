package io.penstock.ml;

import io.penstock.feed.FeatureColumns;
import io.penstock.feed.LabelKind;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.loss.SoftmaxCrossEntropy;
import io.penstock.nn.network.Sequential;
import java.util.List;
import org.apache.spark.ml.classification.ProbabilisticClassifier;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

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
    implements TableEstimator<PipelineParallelClassifier>, SmoothingParams, ClassWeightParams {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final ParamRegistry params = new ParamRegistry();

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

  /** The share of a label that is spread evenly over all classes; 0 for none. */
  public PipelineParallelClassifier setLabelSmoothing(double share) {
    set(labelSmoothing(), share);
    return this;
  }

  /** How much a label of each class counts, times the row's weight; none where all count once. */
  public PipelineParallelClassifier setClassWeights(double... weights) {
    set(classWeights(), weights);
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
    int classes = (int) network.output().size();
    return ScoreColumn.appended(
        schema,
        ClassificationColumns.wanted(this, classes, classNames(schema)),
        getHandleInvalid().equals("keep"));
  }

  /** Trains; columns are found by their whole names, where MLlib's would be paths. */
  @Override
  public PipelineParallelClassificationModel fit(Dataset<?> dataset) {
    transformSchema(dataset.schema(), true);
    return copyValues(train(dataset).setParent(this), ParamMap.empty());
  }

  @Override
  public PipelineParallelClassificationModel train(Dataset<?> dataset) {
    Dataset<Row> rows = dataset.toDF();
    Sequential network = resolveNetwork();
    FeatureColumns columns = featureColumns(rows.schema(), network);
    LabelKind labels = LabelKind.classId((int) network.output().size());
    return model(
        new Fit(this, network)
            .run(
                rows,
                columns,
                labels,
                classNames(rows.schema()),
                PipelineParallelClassifier::model));
  }

  private static PipelineParallelClassificationModel model(FittedNetwork trained) {
    return new PipelineParallelClassificationModel(
        Identifiable$.MODULE$.randomUID("pipelineParallelClassificationModel"), trained);
  }

  private List<String> classNames(StructType schema) {
    return ClassificationColumns.names(schema.apply(getLabelCol()));
  }

  private FeatureColumns featureColumns(StructType schema, Sequential network) {
    return resolveWeight(
        FeatureColumns.of(
            schema,
            resolveFeatures(getFeaturesCol()),
            getLabelCol(),
            Math.toIntExact(network.input().size())),
        schema);
  }

  @Override
  public Sequential resolveNetwork() {
    Sequential network = classWeighted(smoothed(resolveNetwork(Losses.softmaxCrossEntropy())));
    if (!(network.loss() instanceof SoftmaxCrossEntropy)) {
      throw new IllegalArgumentException(
          "The network's loss is "
              + network.loss().name()
              + "; a classifier needs softmax cross-entropy. Build it with"
              + " loss(Losses.softmaxCrossEntropy()).");
    }
    if (network.output().rank() != 1) {
      throw new IllegalArgumentException(
          "The network's output rows have shape "
              + network.output()
              + ", a class for every place of a sequence; the classifier gives a row one class. End"
              + " the network with lastStep(), or flatten(), and dense(classes); or train sequences"
              + " with PipelineParallelSequenceLearner.");
    }
    return network;
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
