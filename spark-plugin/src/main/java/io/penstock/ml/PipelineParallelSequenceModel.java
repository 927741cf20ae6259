package io.penstock.ml;

import io.penstock.feed.FeatureColumns;
import io.penstock.feed.FeatureRows;
import io.penstock.feed.LabelKind;
import java.util.List;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * Sequence model (a language model or a tagger) that {@link PipelineParallelSequenceLearner}
 * trains. {@code transform} appends to every row the likeliest id at each position and, where their
 * columns are named, the labels' log-likelihoods and the row's perplexity; it scores blocks of rows
 * on every executor and needs no barrier job. {@link #generate} goes on with a text. Thread-safe
 * once its params are set: any thread may then call.
 */
public final class PipelineParallelSequenceModel extends Model<PipelineParallelSequenceModel>
    implements PipelineParallelModel<PipelineParallelSequenceModel>,
        SequenceColumnSetters<PipelineParallelSequenceModel> {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final ParamRegistry params = new ParamRegistry();
  private final FittedNetwork fitted;

  PipelineParallelSequenceModel(FittedNetwork fitted) {
    this(Identifiable$.MODULE$.randomUID("pipelineParallelSequenceModel"), fitted);
  }

  PipelineParallelSequenceModel(String uid, FittedNetwork fitted) {
    super();
    this.uid = uid;
    this.fitted = fitted;
    params.declare(this);
  }

  @Override
  public String uid() {
    return uid;
  }

  @Override
  public ParamRegistry paramRegistry() {
    return params;
  }

  @Override
  public FittedNetwork fittedNetwork() {
    return fitted;
  }

  /** Returns the number of ids that a position may be given: those from 0 to one less. */
  public int numIds() {
    return Math.toIntExact(describe().output().dims().get(1));
  }

  /** Returns the most tokens that a row may have. */
  public int longest() {
    return Math.toIntExact(describe().input().size());
  }

  private Scoring scoring(StructType schema) {
    FeatureRows features = FeatureRows.sequences(schema, getFeaturesCol(), longest());
    List<ScoreColumn> columns = SequenceColumns.wanted(this);
    boolean next = !isDefined(labelCol());
    int labels = features.positions()[0];
    if (!next && SequenceColumns.needLabels(columns)) {
      FeatureColumns.sequences(
          schema, getFeaturesCol(), getLabelCol(), LabelKind.ids(numIds()), longest());
      labels = schema.fieldIndex(getLabelCol());
    }
    return Scoring.of(this, features, new SequenceColumns(columns, labels, next));
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
   * Computes the perplexity of all labels of these rows together: the number of equally likely ids
   * among which the model would be as uncertain at each position. Runs a Spark job.
   *
   * @return the power of e of minus the mean log-likelihood of a label; NaN without labels
   */
  public double perplexity(Dataset<?> dataset) {
    String name = "penstockLogLikelihood";
    PipelineParallelSequenceModel scoring =
        copy(ParamMap.empty()).setPredictionCol("").setPerplexityCol("").setLogLikelihoodCol(name);
    return new PerplexityEvaluator().setLogLikelihoodCol(name).evaluate(scoring.transform(dataset));
  }

  /**
   * Generates ids that continue a sequence, on the driver, one after another (autoregressively),
   * each drawn by its probability after the ids before it, of which the network sees as many as its
   * input takes.
   *
   * @param tokens ids to begin with, one or more
   * @param count how many to add
   * @param temperature scores are divided by it: 1 for the model's own probabilities, below 1 the
   *     likely become likelier, 0 always takes the likeliest
   * @param seed the same one draws the same
   * @return the tokens and what was added
   * @throws IllegalArgumentException for no tokens, a negative one or one that the network does not
   *     know, a negative count, or a temperature that is negative or not finite
   * @throws IllegalStateException if the scores are not finite, for the weights are too large
   */
  public int[] generate(int[] tokens, int count, double temperature, long seed) {
    return new TokenSampler(fitted.scorer(), longest()).continued(tokens, count, temperature, seed);
  }

  @Override
  public PipelineParallelSequenceModel copy(ParamMap extra) {
    return copyValues(new PipelineParallelSequenceModel(uid, fitted), extra).setParent(parent());
  }

  /** Reads models that {@code save} wrote. */
  public static MLReader<PipelineParallelSequenceModel> read() {
    return new SavedModel.Reader<>(
        PipelineParallelSequenceModel.class, PipelineParallelSequenceModel::new);
  }

  /** Reads a model that {@code save} wrote. */
  public static PipelineParallelSequenceModel load(String path) {
    return read().load(path);
  }
}
