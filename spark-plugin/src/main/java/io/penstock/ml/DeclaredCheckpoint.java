package io.penstock.ml;

import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.IntParam;

/** Makes the params of {@link CheckpointParams}. */
final class DeclaredCheckpoint {
  private DeclaredCheckpoint() {}

  static void in(ParamRegistry params) {
    String uid = params.uid();
    params.add(
        new IntParam(
            uid,
            "checkpointInterval",
            "set checkpoint interval (>= 1) or disable checkpoint (-1). E.g. 10 means that after"
                + " every 10 epochs the weights are written, as a model that can be loaded, to the"
                + " checkpoint directory, which must be set in the SparkContext. The newest takes"
                + " the place of the one before; it stays where a fit fails, and another can begin"
                + " with it by initialModel.",
            new ParamValidator<>(
                "checkpointInterval",
                "a whole number of at least 1, or -1 for no checkpoints",
                value -> (Integer) value >= 1 || (Integer) value == -1)),
        -1);
    params.add(
        new BooleanParam(
            uid,
            "keepLastCheckpoint",
            "Whether the last checkpoint stays when fit succeeds (true), or is deleted (false). One"
                + " of a fit that fails stays."),
        true);
  }
}
