package io.penstock.ml;

import io.penstock.feed.FeatureColumns;
import io.penstock.launch.cluster.GpuUse;
import io.penstock.nn.network.Sequential;
import java.util.List;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.shared.HasWeightCol;
import org.apache.spark.sql.types.StructType;

/**
 * Params of all pipeline-parallel estimators and their models, with getters. MLlib finds a param by
 * the public method of its name.
 *
 * <p>Like all params of MLlib's they may be read by any thread and are set by one at a time.
 */
public interface PipelineParallelParams extends CheckpointParams, HasWeightCol {
  /** Param for the network. */
  default Param<Sequential> network() {
    return paramRegistry().param("network", name -> new NetworkParam(uid(), name));
  }

  /** Param for the epochs: passes over the data (>= 1). Default: 10 */
  default IntParam maxIter() {
    return paramRegistry()
        .param(
            "maxIter",
            10,
            name ->
                new IntParam(
                    uid(),
                    name,
                    "Epochs (>= 1): passes over the data.",
                    ParamValidator.atLeastOne(name)));
  }

  /** Param for the seed. Default: 42 */
  default LongParam seed() {
    return paramRegistry()
        .param(
            "seed",
            42L,
            name ->
                new LongParam(
                    uid(), name, "Keys the initial weights, dropout and the order of the rows."));
  }

  /** Param for the rows that transform scores together (>= 1). Default: 256; of sequences 16 */
  default IntParam blockSize() {
    return paramRegistry()
        .param(
            "blockSize",
            256,
            name ->
                new IntParam(
                    uid(),
                    name,
                    "Batch size of inference: rows (>= 1) that transform scores together. More are"
                        + " faster, up to where a block's numbers no longer fit in the processor's"
                        + " cache; memory grows with them. How many they are, and a row's place"
                        + " among them, tell in the last bits of its scores alone (up to 6e-6 of a"
                        + " probability and 3e-5 of a perplexity of 14 were measured). Training"
                        + " goes by batchSize and numMicroBatches.",
                    ParamValidator.atLeastOne(name)));
  }

  /**
   * Param for what to do with rows in which a feature or label is null, NaN or infinite: error,
   * skip or keep. Default: "error"
   */
  default Param<String> handleInvalid() {
    return paramRegistry()
        .param(
            "handleInvalid",
            "error",
            name ->
                ChoiceParam.of(
                    uid(),
                    name,
                    "What to do with rows in which a feature or label is null, NaN or infinite,"
                        + " that hold an empty sequence or whose scores are not finite: error"
                        + " (fail, naming row and column), skip (leave them out) or keep (fit"
                        + " leaves them out, transform keeps them with null in every column that it"
                        + " appends).",
                    List.of("error", "skip", "keep")));
  }

  /** Param for whether stages compute on GPUs: true, auto or false. Default: "auto" */
  default Param<String> requireGpu() {
    return paramRegistry()
        .param(
            "requireGpu",
            GpuUse.AUTO.id(),
            name ->
                ChoiceParam.of(
                    uid(),
                    name,
                    "Whether stages compute on GPUs: true (fit is refused before its job starts"
                        + " unless every stage gets a GPU of its own that can be used), auto (a"
                        + " stage that Spark gives a GPU takes it if it can be used, otherwise the"
                        + " CPU, and fit says so) or false (the CPU, also where GPUs are).",
                    GpuUse.ids()));
  }

  /** Param for the column of sample weights (>= 0). Default: none, every row counts once */
  @Override
  default Param<String> weightCol() {
    return paramRegistry()
        .param(
            "weightCol",
            name ->
                new Param<>(
                    uid(),
                    name,
                    "weight column name (sample weights). If this is not set or empty, we treat all"
                        + " instance weights as 1.0. In loss and gradients a row of weight 2 counts"
                        + " as two such rows, one of weight 0 as none; the statistics of a batch"
                        + " normalisation take every row once. A sequence's weight holds at all its"
                        + " places. Weights are finite and >= 0: rows with others are refused"
                        + " whatever handleInvalid says. transform needs none.",
                    ParamValidator.text(name, "the name of a column, or empty for none")));
  }

  /** Receives MLlib's param from Scala's trait, and drops it: ours is made by weightCol. */
  @Override
  default void org$apache$spark$ml$param$shared$HasWeightCol$_setter_$weightCol_$eq(
      Param<String> theirs) {}

  /** Returns the network: see {@link #network}. */
  default Sequential getNetwork() {
    return $(network());
  }

  /** Returns the epochs: see {@link #maxIter}. */
  default int getMaxIter() {
    return (Integer) $(maxIter());
  }

  /** Returns {@link #getMaxIter}, by the name that networks go by. */
  default int getEpochs() {
    return getMaxIter();
  }

  /** Returns what keys all random numbers: see {@link #seed}. */
  default long getSeed() {
    return (Long) $(seed());
  }

  /** Returns the rows that transform scores together: see {@link #blockSize}. */
  default int getBlockSize() {
    return (Integer) $(blockSize());
  }

  /** Returns what becomes of rows that cannot be used: see {@link #handleInvalid}. */
  default String getHandleInvalid() {
    return $(handleInvalid());
  }

  /** Returns whether stages compute on GPUs: see {@link #requireGpu}. */
  default String getRequireGpu() {
    return $(requireGpu());
  }

  /**
   * Adds {@code weightCol} to the columns where it is set and not empty.
   *
   * @throws IllegalArgumentException if that column is missing or not numeric
   */
  default FeatureColumns resolveWeight(FeatureColumns columns, StructType schema) {
    return isDefined(weightCol()) && !getWeightCol().isEmpty()
        ? columns.withWeight(schema, getWeightCol())
        : columns;
  }
}
