package io.penstock.ml;

import io.penstock.feed.NumberedColumns;
import io.penstock.nn.network.Sequential;
import org.apache.spark.SparkContext;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;

/**
 * Setters that all pipeline-parallel estimators share; what they set is told by the getters of
 * {@link PipelineParallelParams}. Like all of MLlib's they are for one thread at a time.
 *
 * @param <E> the estimator's own type, which every setter returns
 */
public interface PipelineParallelEstimator<E extends PipelineParallelEstimator<E>>
    extends PipelineParallelParams,
        CheckpointSetters<E>,
        OptimizerSetters<E>,
        ReplicaSetters<E>,
        MLWritable {
  @SuppressWarnings("unchecked") // an estimator names itself
  private E self() {
    return (E) this;
  }

  /**
   * Resolves the network that {@code fit} would train, as the params describe it, its output not
   * yet split by {@code outputBlocks}.
   *
   * @throws IllegalArgumentException if they describe none, or one that the estimator cannot train
   */
  Sequential resolveNetwork();

  /**
   * Explains what {@code fit} would do with these rows, without training: which layers go on which
   * stage, what each stage holds, the predicted bubble and step time, and what speaks against it.
   * Runs a short job that measures layers and links, if the executors are there.
   *
   * @throws IllegalArgumentException for params and columns that {@code fit} would refuse
   * @throws io.penstock.launch.cluster.PreflightException if the plan is to be chosen from a
   *     profile and the executors for it are not there
   */
  default Explanation explain(Dataset<?> data) {
    ((PipelineStage) this).transformSchema(data.schema());
    NumberedColumns.ofAll(data, "fit");
    SparkContext context = data.sparkSession().sparkContext();
    return new Fit(this, new OutputSplit(this, resolveNetwork()).planned(context)).explain(context);
  }

  /**
   * Sets the network; takes the place of {@code layers} where there are such. With a {@link
   * io.penstock.nn.layer.Custom} layer it can be trained and can predict, but neither the estimator
   * nor its model can be saved.
   */
  default E setNetwork(Sequential network) {
    set(network(), network);
    return self();
  }

  /**
   * Sets the network, as {@link Sequential#toJson} writes it.
   *
   * @throws IllegalArgumentException if it is not the JSON of a network; the message says why
   */
  default E setNetwork(String json) {
    return setNetwork(Sequential.fromJson(json));
  }

  /** Sets the column of sample weights: how much a row counts, at least 0; empty for none. */
  default E setWeightCol(String column) {
    set(weightCol(), column);
    return self();
  }

  /**
   * Sets the number of executors that the network is spread over, a stage each or several; 0 for as
   * many as pay, of those that the cluster offers, which takes schedule auto.
   */
  default E setNumStages(int value) {
    set(numStages(), value);
    return self();
  }

  /** Sets the number of micro-batches of a mini-batch. */
  default E setNumMicroBatches(int value) {
    set(numMicroBatches(), value);
    return self();
  }

  /** Sets the rows of a mini-batch. */
  default E setBatchSize(int value) {
    set(batchSize(), value);
    return self();
  }

  /** Sets the epochs: passes over the data. */
  default E setMaxIter(int value) {
    set(maxIter(), value);
    return self();
  }

  /** Calls {@link #setMaxIter}, by the name that networks go by. */
  default E setEpochs(int value) {
    return setMaxIter(value);
  }

  /** Sets the number of stages on each executor, where the schedule can have several. */
  default E setNumVirtualStages(int value) {
    set(numVirtualStages(), value);
    return self();
  }

  /** Sets the forwards of the first executor's warm-up, where the schedule lets one choose. */
  default E setWarmUp(int value) {
    set(warmUp(), value);
    return self();
  }

  /**
   * Sets activation checkpointing, forwards done twice: never, always, exceptLast, sqrt or auto.
   */
  default E setRecompute(String which) {
    set(recompute(), which);
    return self();
  }

  /** Sets activation offload: whether what recompute keeps goes to disk until it is needed. */
  default E setOffload(boolean value) {
    set(offload(), value);
    return self();
  }

  /** Sets the dtype on the wire between executors: float32, bfloat16 or float16. */
  default E setLinkPrecision(String numbers) {
    set(linkPrecision(), numbers);
    return self();
  }

  /** Sets mixed precision on GPUs, the factors of products: float32, tf32 or bfloat16. */
  default E setComputePrecision(String numbers) {
    set(computePrecision(), numbers);
    return self();
  }

  /**
   * Sets the blocks of columns that the last dense layer is split into, so that they may lie on
   * several stages: 1 for none, 0 for as few as balance the stages.
   */
  default E setOutputBlocks(int blocks) {
    set(outputBlocks(), blocks);
    return self();
  }

  /** Sets the first layer of every stage, in place of the best cut. */
  default E setStageStarts(int... layers) {
    set(stageStarts(), layers);
    return self();
  }

  /** Sets the schedule by its id, such as gpipe or 1f1b, the name of a CSV file, or auto. */
  default E setSchedule(String id) {
    set(schedule(), id);
    return self();
  }

  /** Sets the rows that the model's transform scores together. */
  default E setBlockSize(int rows) {
    set(blockSize(), rows);
    return self();
  }

  /**
   * Sets what to do with rows in which a feature or label is null, NaN or infinite: error, skip, or
   * keep, which {@code fit} leaves out and the model keeps with null for an answer.
   */
  default E setHandleInvalid(String way) {
    set(handleInvalid(), way);
    return self();
  }

  /**
   * Sets whether stages compute on GPUs: true (refused unless every stage gets one that can be
   * used), auto (GPUs where Spark gives them and they can be used, otherwise the CPU) or false.
   * {@code spark.penstock.backend} says how they are computed on, and {@code cpu} there that an
   * application shall use none.
   */
  default E setRequireGpu(String use) {
    set(requireGpu(), use);
    return self();
  }

  /** Sets the boolean column that is true for rows to validate on, which are not trained on. */
  default E setValidationIndicatorCol(String name) {
    set(validationIndicatorCol(), name);
    return self();
  }

  /** Sets the epochs in a row without a better one after which training ends; 0 to do all. */
  default E setPatience(int epochs) {
    set(patience(), epochs);
    return self();
  }

  /** Sets how much lower a loss must be to be better. */
  default E setTol(double value) {
    set(tol(), value);
    return self();
  }

  /** Param for a model to begin with. */
  default Param<PipelineParallelModel<?>> initialModel() {
    return paramRegistry().param("initialModel", name -> new InitialModelParam(uid(), name));
  }

  /** Returns the model to begin with: see {@link #initialModel}. */
  default PipelineParallelModel<?> getInitialModel() {
    return $(initialModel());
  }

  /**
   * Sets a model to begin with (a warm start), of the same network, fitted or loaded, on any number
   * of stages: training begins with its weights. It does not continue where that model's training
   * stopped: the updater's state, its learning-rate schedule and the order of the rows begin anew,
   * so that two fits of one epoch each differ from one of two.
   */
  default E setInitialModel(PipelineParallelModel<?> model) {
    set(initialModel(), model);
    return self();
  }

  /** Sets the seed, which keys all random numbers. */
  default E setSeed(long value) {
    set(seed(), value);
    return self();
  }

  /**
   * Returns a writer of the params.
   *
   * @throws IllegalArgumentException if the network has a custom layer, or an initial model is set,
   *     which cannot be saved
   */
  @Override
  default MLWriter write() {
    if (isDefined(initialModel())) {
      initialModel().jsonEncode(getInitialModel());
    }
    if (isDefined(network())) {
      getNetwork().toJson(); // refused here, before overwrite() deletes what is there
    }
    return new EstimatorFiles.Writer(this);
  }
}
