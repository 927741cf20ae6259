package io.penstock.ml;

import org.apache.spark.ml.param.Param;

/** A model to begin with. It has no JSON: its weights are too large for metadata. */
final class InitialModelParam extends Param<PipelineParallelModel<?>> {
  private static final long serialVersionUID = 1L;

  InitialModelParam(String uid, String name) {
    super(
        uid,
        name,
        "Warm start: a model of the same network, on any number of stages, whose weights training"
            + " begins with; without it they are born from the seed. It is not saved with the"
            + " estimator.",
        new ParamValidator<>(
            name,
            "a model that a pipeline-parallel estimator has fitted, or that was loaded; clear the"
                + " param to begin without one",
            value -> value instanceof PipelineParallelModel<?>));
  }

  @Override
  public String jsonEncode(PipelineParallelModel<?> model) {
    throw new IllegalArgumentException(
        "The estimator begins with the model "
            + model.uid()
            + ", which cannot be saved in its params. Save the model by itself, and"
            + " clear(estimator.initialModel()) before the estimator is saved.");
  }
}
