package io.penstock.ml;

import io.penstock.feed.FeatureColumns;
import io.penstock.nn.network.Sequential;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.shared.HasWeightCol;
import org.apache.spark.sql.types.StructType;

/**
 * The params of all pipeline-parallel estimators and their models, with getters. MLlib finds a
 * param by the public method of its name.
 */
public interface PipelineParallelParams extends CheckpointParams, HasWeightCol {
  private <P extends Param<?>> P own(String name) {
    return paramRegistry().get(name);
  }

  /** Param for the network. */
  default Param<Sequential> network() {
    return own("network");
  }

  /** Param for the epochs: passes over the data (>= 1). Default: 10 */
  default IntParam maxIter() {
    return own("maxIter");
  }

  /** Param for the seed. Default: 42 */
  default LongParam seed() {
    return own("seed");
  }

  /** Param for the rows that transform scores together (>= 1). Default: 256; of sequences 16 */
  default IntParam blockSize() {
    return own("blockSize");
  }

  /**
   * Param for what to do with rows in which a feature or label is null, NaN or infinite: error,
   * skip or keep. Default: "error"
   */
  default Param<String> handleInvalid() {
    return own("handleInvalid");
  }

  /** Param for whether stages compute on GPUs: true, auto or false. Default: "auto" */
  default Param<String> requireGpu() {
    return own("requireGpu");
  }

  /** Param for the column of rows' weights (>= 0). Default: none, every row counts once */
  @Override
  default Param<String> weightCol() {
    return own("weightCol");
  }

  /** Scala's way to give MLlib's trait its param; ours is declared with the others. */
  @Override
  default void org$apache$spark$ml$param$shared$HasWeightCol$_setter_$weightCol_$eq(
      Param<String> theirs) {}

  default Sequential getNetwork() {
    return $(network());
  }

  default int getMaxIter() {
    return (Integer) $(maxIter());
  }

  /** The same as {@link #getMaxIter}. */
  default int getEpochs() {
    return getMaxIter();
  }

  default long getSeed() {
    return (Long) $(seed());
  }

  default int getBlockSize() {
    return (Integer) $(blockSize());
  }

  default String getHandleInvalid() {
    return $(handleInvalid());
  }

  default String getRequireGpu() {
    return $(requireGpu());
  }

  /**
   * The columns with {@code weightCol} among them where it is set and not empty.
   *
   * @throws IllegalArgumentException if that column is missing or not numeric
   */
  default FeatureColumns resolveWeight(FeatureColumns columns, StructType schema) {
    return isDefined(weightCol()) && !getWeightCol().isEmpty()
        ? columns.withWeight(schema, getWeightCol())
        : columns;
  }
}
