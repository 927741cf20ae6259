package io.penstock.ml;

import io.penstock.launch.job.TrainingResult;
import io.penstock.nn.Parameters;
import io.penstock.nn.network.Sequential;
import java.util.List;
import java.util.Optional;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;

/**
 * Model of a pipeline-parallel estimator: a network that scores blocks of rows, on every executor
 * or, where none can hold it, through stages on several. Setters are for one thread at a time; once
 * params are set, any thread may call the others.
 *
 * @param <M> the model's own type, which every setter returns
 */
public interface PipelineParallelModel<M extends PipelineParallelModel<M>>
    extends PipelineParallelParams, MLWritable {
  /** Returns the network with its weights; an opaque value outside this package. */
  FittedNetwork fittedNetwork();

  @SuppressWarnings("unchecked") // a model names itself
  private M self() {
    return (M) this;
  }

  /** Returns how the training went; empty on a model that was loaded. */
  default Optional<TrainingResult> training() {
    return fittedNetwork().training();
  }

  /** Returns whether there is a {@link #summary}: not on a model that was loaded. */
  default boolean hasSummary() {
    return fittedNetwork().summary().isPresent();
  }

  /**
   * Returns the summary of the training.
   *
   * @throws IllegalStateException if there is none, for the model was loaded
   */
  default TrainingSummary summary() {
    return fittedNetwork()
        .summary()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "No training summary available for "
                        + uid()
                        + ": a summary is not saved with its model. Ask hasSummary() first, or keep"
                        + " summary().epochs() in a table of your own after fit."));
  }

  /** Returns the network's description. */
  default Sequential describe() {
    return fittedNetwork().scorer().network();
  }

  /**
   * Returns the weights of every layer, empty ones included, for use elsewhere. They are the
   * model's own: leave them as they are. A large model reads them from its files now, and so needs
   * room for all of them here.
   *
   * @throws java.io.UncheckedIOException naming the file, if one of a large model is gone or was
   *     replaced
   */
  default List<Parameters> parameters() {
    return fittedNetwork().scorer().parameters();
  }

  /**
   * Sets the rows that transform scores together. What a row gets follows from that row alone,
   * within rounding: kernels sum in another order for other numbers of rows, and at other places
   * among them, which tells in the last bits of a score (1e-5 where scores are around 1).
   */
  default M setBlockSize(int rows) {
    set(blockSize(), rows);
    return self();
  }

  /**
   * Sets what to do with rows in which a feature is null, NaN or infinite, or that overflow inside
   * the network, so that a score is: error, skip, or keep, with null in every column that is
   * appended.
   */
  default M setHandleInvalid(String way) {
    set(handleInvalid(), way);
    return self();
  }

  /**
   * Returns a writer of params, network and weights. Those of a large model are copied from file to
   * file; it cannot be saved to the directory that it was loaded from.
   *
   * @throws IllegalArgumentException if the network has a custom layer, which cannot be saved
   */
  @Override
  default MLWriter write() {
    describe().toJson(); // refused here, before overwrite() deletes what is there
    return new SavedModel.Writer(this);
  }
}
