package io.penstock.ml;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.slice;

import io.penstock.feed.FeatureColumns;
import io.penstock.feed.FeatureRows;
import io.penstock.feed.LabelKind;
import io.penstock.feed.NumberedColumns;
import io.penstock.nn.loss.SoftmaxCrossEntropy;
import io.penstock.nn.network.Sequential;
import java.util.List;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Learns an id for every token of a sequence, with a network cut into stages, one Spark executor
 * each: the next token, which makes a language model, or a label of its own, which makes a tagger.
 *
 * <p>{@code featuresCol} holds arrays of token ids, of any length up to that of the network's
 * input. Where {@code labelCol} is set it holds an array as long, with negative ids where there is
 * no label; where it is not, the label of a token is the token behind it. The network takes rows of
 * ids, has an output for every id at every place, and ends with softmax cross-entropy:
 *
 * <pre>{@code
 * Sequential gpt = Sequential.input(64).embedding(512, 128).positions(64)
 *     .transformerBlock(4, 512, true, 0).layerNorm().dense(512)
 *     .loss(Losses.softmaxCrossEntropy()).build();
 * PipelineParallelSequenceModel model =
 *     new PipelineParallelSequenceLearner().setNetwork(gpt).setFeaturesCol("tokens").fit(rows);
 * int[] more = model.generate(new int[] {7, 2}, 100, 0.7, 42);
 * }</pre>
 *
 * <p>The same data, params and seed give the same model to the last bit on any number of stages,
 * however the rows are partitioned. Like all of MLlib's estimators it is not thread-safe while
 * params are set; {@code fit} may run in several threads at once, and waits for slots.
 */
public final class PipelineParallelSequenceLearner extends Estimator<PipelineParallelSequenceModel>
    implements PipelineParallelEstimator<PipelineParallelSequenceLearner>, SequenceParams {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final ParamRegistry params = new ParamRegistry();

  /** An estimator with a uid of its own. */
  public PipelineParallelSequenceLearner() {
    this(Identifiable$.MODULE$.randomUID("pipelineParallelSequenceLearner"));
  }

  /** An estimator with a given uid, as MLlib makes them when it loads one. */
  public PipelineParallelSequenceLearner(String uid) {
    super();
    this.uid = uid;
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

  /** The column of token ids. */
  public PipelineParallelSequenceLearner setFeaturesCol(String name) {
    set(featuresCol(), name);
    return this;
  }

  /** The column of labels, in place of the next tokens. */
  public PipelineParallelSequenceLearner setLabelCol(String name) {
    set(labelCol(), name);
    return this;
  }

  /** The column for the likeliest ids; empty for none. */
  public PipelineParallelSequenceLearner setPredictionCol(String name) {
    set(predictionCol(), name);
    return this;
  }

  /** The column for the labels' log-likelihoods; empty for none. */
  public PipelineParallelSequenceLearner setLogLikelihoodCol(String name) {
    set(logLikelihoodCol(), name);
    return this;
  }

  /** The column for the rows' perplexity; empty for none. */
  public PipelineParallelSequenceLearner setPerplexityCol(String name) {
    set(perplexityCol(), name);
    return this;
  }

  /** The share of a label that is spread evenly over all ids; 0 for none. */
  public PipelineParallelSequenceLearner setLabelSmoothing(double share) {
    set(labelSmoothing(), share);
    return this;
  }

  /** How much a label of each id counts, times the row's weight; none where all count once. */
  public PipelineParallelSequenceLearner setClassWeights(double... weights) {
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
    FeatureRows.sequences(schema, getFeaturesCol(), length(network));
    featureColumns(
        isDefined(labelCol())
            ? schema
            : schema.add(label(), schema.apply(getFeaturesCol()).dataType()),
        network);
    return ScoreColumn.appended(
        schema, SequenceColumns.wanted(this), getHandleInvalid().equals("keep"));
  }

  @Override
  public PipelineParallelSequenceModel fit(Dataset<?> dataset) {
    transformSchema(dataset.schema(), true);
    Sequential network = resolveNetwork();
    Dataset<Row> labelled =
        isDefined(labelCol()) ? dataset.toDF() : withNext(NumberedColumns.of(dataset));
    FittedNetwork trained =
        new Fit(this, network)
            .run(
                labelled,
                featureColumns(labelled.schema(), network),
                labels(network),
                List.of(),
                PipelineParallelSequenceLearner::model);
    return copyValues(model(trained).setParent(this), ParamMap.empty());
  }

  private static PipelineParallelSequenceModel model(FittedNetwork trained) {
    return new PipelineParallelSequenceModel(
        Identifiable$.MODULE$.randomUID("pipelineParallelSequenceModel"), trained);
  }

  /** The column of labels, which is ours to add where there is none. */
  private String label() {
    return isDefined(labelCol()) ? getLabelCol() : getFeaturesCol() + " (next)";
  }

  /** The rows with the tokens' next ones in a column; the last token has none. */
  private Dataset<Row> withNext(NumberedColumns rows) {
    DataType type = rows.schema().apply(getFeaturesCol()).dataType();
    Column tokens = rows.column(getFeaturesCol());
    Column none = array(lit(-1)).cast(type);
    Column later = slice(tokens, lit(2), size(tokens));
    return rows.with(new StructField(label(), type, true, Metadata.empty()), concat(later, none))
        .named();
  }

  private static LabelKind labels(Sequential network) {
    return LabelKind.ids(Math.toIntExact(network.output().dims().get(1)));
  }

  private FeatureColumns featureColumns(StructType schema, Sequential network) {
    return resolveWeight(
        FeatureColumns.sequences(
            schema, getFeaturesCol(), label(), labels(network), length(network)),
        schema);
  }

  private static int length(Sequential network) {
    return Math.toIntExact(network.input().size());
  }

  @Override
  public Sequential resolveNetwork() {
    if (!isDefined(network())) {
      throw new IllegalArgumentException(
          "No network: set one that takes token ids, for example"
              + " setNetwork(Sequential.input(length).embedding(vocabulary, 128)"
              + ".positions(length).transformerBlock(4, 512, true, 0).dense(vocabulary)"
              + ".loss(Losses.softmaxCrossEntropy()).build()).");
    }
    Sequential network = classWeighted(smoothed(getNetwork()));
    if (!(network.loss() instanceof SoftmaxCrossEntropy)) {
      throw new IllegalArgumentException(
          "The network's loss is "
              + network.loss().name()
              + "; ids need softmax cross-entropy. Build it with"
              + " loss(Losses.softmaxCrossEntropy()).");
    }
    if (network.input().rank() != 1
        || network.output().rank() != 2
        || !network.output().dims().get(0).equals(network.input().dims().get(0))) {
      throw new IllegalArgumentException(
          "The network makes of rows of shape "
              + network.input()
              + " rows of shape "
              + network.output()
              + "; it must make of [length] ids [length, ids], a score of every id at every place."
              + " Leave out lastStep and flatten; or take PipelineParallelClassifier, which gives a"
              + " row one class.");
    }
    return network;
  }

  @Override
  public PipelineParallelSequenceLearner copy(ParamMap extra) {
    return (PipelineParallelSequenceLearner) defaultCopy(extra);
  }

  /** Reads estimators that {@code save} wrote. */
  public static MLReader<PipelineParallelSequenceLearner> read() {
    return new EstimatorFiles.Reader<>(
        PipelineParallelSequenceLearner.class, PipelineParallelSequenceLearner::new);
  }

  /** Reads an estimator that {@code save} wrote. */
  public static PipelineParallelSequenceLearner load(String path) {
    return read().load(path);
  }
}
