package io.penstock.ml;

import io.penstock.feed.FeatureRows;
import io.penstock.launch.NativeRuntime;
import io.penstock.launch.TrainingResult;
import io.penstock.nn.Parameters;
import io.penstock.nn.Sequential;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.classification.ProbabilisticClassificationModel;
import org.apache.spark.ml.linalg.DenseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructType;
import scala.Tuple3;

/**
 * What {@link PipelineParallelClassifier} trains. {@code transform} appends the raw prediction (the
 * network's outputs), the probabilities and the predicted class; it scores blocks of rows on every
 * executor and needs no barrier job. Thread-safe once its params are set.
 */
public final class PipelineParallelClassificationModel
    extends ProbabilisticClassificationModel<Vector, PipelineParallelClassificationModel>
    implements PipelineParallelParams, MLWritable {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final NetworkParams params;
  private final Scorer scorer;
  private final transient TrainingResult training;

  PipelineParallelClassificationModel(String uid, Scorer scorer, TrainingResult training) {
    this(new UidHandover(uid), scorer, training);
  }

  private PipelineParallelClassificationModel(
      UidHandover handover, Scorer scorer, TrainingResult training) {
    super();
    this.uid = handover.take();
    this.params = new NetworkParams(this);
    this.scorer = scorer;
    this.training = training;
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

  /** Returns how the training went; empty on a model that was loaded. */
  public Optional<TrainingResult> training() {
    return Optional.ofNullable(training);
  }

  /** Returns the network's description. */
  public Sequential describe() {
    return scorer.network();
  }

  /**
   * Returns the weights of every layer, empty ones included, for use elsewhere. They are the
   * model's own: leave them as they are.
   */
  public List<Parameters> parameters() {
    return scorer.parameters();
  }

  Scorer scorer() {
    return scorer;
  }

  /** Several numeric columns as features. */
  public PipelineParallelClassificationModel setFeaturesCols(String... columns) {
    set(featuresCols(), columns);
    return this;
  }

  @Override
  public int numClasses() {
    return (int) scorer.network().output().size();
  }

  @Override
  public int numFeatures() {
    return (int) scorer.network().input().size();
  }

  @Override
  public StructType transformSchema(StructType schema) {
    features(schema);
    ScoreColumns.checkThresholds(this, numClasses());
    return ScoreColumns.of(this).appendedTo(schema);
  }

  private FeatureRows features(StructType schema) {
    return FeatureRows.of(schema, resolveFeatures(getFeaturesCol()), numFeatures());
  }

  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    StructType scored = transformSchema(dataset.schema(), true);
    ScoreColumns columns = ScoreColumns.of(this);
    Dataset<Row> rows = dataset.toDF();
    if (!columns.any()) {
      return rows;
    }
    FeatureRows features = features(dataset.schema());
    Broadcast<PipelineParallelClassificationModel> model =
        JavaSparkContext.fromSparkContext(rows.sparkSession().sparkContext())
            .broadcast(copy(ParamMap.empty()));
    MapPartitionsFunction<Row, Row> score =
        partition -> {
          NativeRuntime.ready(1);
          return new ScoredRows(partition, features, columns, model.value());
        };
    return described(rows.mapPartitions(score, Encoders.row(scored)), scored);
  }

  /**
   * An encoder carries names and types but no metadata, such as the labels of an indexed column.
   */
  private static Dataset<Row> described(Dataset<Row> rows, StructType schema) {
    if (Arrays.stream(schema.fields()).allMatch(it -> it.metadata().equals(Metadata.empty()))) {
      return rows;
    }
    return rows.select(
        Arrays.stream(schema.fields())
            .map(it -> functions.col(quoted(it.name())).as(it.name(), it.metadata()))
            .toArray(Column[]::new));
  }

  private static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }

  /** The network's outputs for one row. Scoring row by row is slow: prefer {@code transform}. */
  @Override
  public Vector predictRaw(Vector features) {
    if (features.size() != numFeatures()) {
      throw new IllegalArgumentException(
          "The row has " + features.size() + " features, the network takes " + numFeatures() + ".");
    }
    float[] row = new float[features.size()];
    double[] wide = features.toArray();
    for (int i = 0; i < row.length; i++) {
      row[i] = (float) wide[i];
    }
    return Vectors.dense(scorer.raw(row)[0]);
  }

  /** Softmax, in double precision. */
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
    PipelineParallelClassificationModel copied =
        new PipelineParallelClassificationModel(uid, scorer, training);
    return copyValues(copied, extra).setParent(parent());
  }

  /**
   * A writer of params, network and weights.
   *
   * @throws IllegalArgumentException if the network has a custom layer, which cannot be saved
   */
  @Override
  public MLWriter write() {
    scorer.network().toJson(); // refused here, before overwrite() deletes what is there
    return new ModelFiles.Writer(this);
  }

  /** Reads models that {@code save} wrote. */
  public static MLReader<PipelineParallelClassificationModel> read() {
    return new ModelFiles.Reader();
  }

  /** Reads a model that {@code save} wrote. */
  public static PipelineParallelClassificationModel load(String path) {
    return read().load(path);
  }
}
