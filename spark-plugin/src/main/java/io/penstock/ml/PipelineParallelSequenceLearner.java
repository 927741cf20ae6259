package io.penstock.ml;

import io.penstock.nn.network.Sequential;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;

/**
 * Estimator that learns an id for every token of a sequence, with a network cut into stages, one
 * Spark executor each: the next token, which makes a language model, or a label of its own, which
 * makes a tagger.
 *
 * <p>{@code featuresCol} holds arrays of token ids, of any length up to that of the network's
 * input. Where {@code labelCol} is set it holds an array as long, with negative ids where there is
 * no label; where it is not, the label of a token is the token behind it. The network takes rows of
 * ids, has an output for every id at every position, and ends with softmax cross-entropy:
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
    implements ClassLabelEstimator<PipelineParallelSequenceLearner>,
        SequenceColumnSetters<PipelineParallelSequenceLearner> {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final ParamRegistry params = new ParamRegistry();

  /** Makes an estimator with a uid of its own. */
  public PipelineParallelSequenceLearner() {
    this(Identifiable$.MODULE$.randomUID("pipelineParallelSequenceLearner"));
  }

  /** Makes an estimator with a given uid, as MLlib does when it loads one. */
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

  /** Sets the column of labels, in place of the next tokens. */
  public PipelineParallelSequenceLearner setLabelCol(String name) {
    set(labelCol(), name);
    return this;
  }

  private SequenceLabelling task() {
    return new SequenceLabelling(this);
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

  @Override
  public PipelineParallelSequenceModel fit(Dataset<?> dataset) {
    transformSchema(dataset.schema(), true);
    PipelineParallelSequenceModel model = task().train(dataset, PipelineParallelSequenceModel::new);
    return copyValues(model.setParent(this), ParamMap.empty());
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
