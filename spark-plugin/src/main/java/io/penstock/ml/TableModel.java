package io.penstock.ml;

import io.penstock.feed.BadRowException;
import io.penstock.feed.FeatureRows;
import io.penstock.train.Outputs;
import java.util.List;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.types.StructType;

/**
 * Methods of models whose rows all have the same number of features.
 *
 * <p>Setters are for one thread at a time; once params are set, any thread may call the others.
 *
 * @param <M> the model's own type, which every setter returns
 */
public interface TableModel<M extends TableModel<M>> extends PipelineParallelModel<M>, TableParams {
  /** Returns the number of features of a row. */
  int numFeatures();

  /** Sets several numeric columns as features; takes the place of {@code setFeaturesCol}. */
  @SuppressWarnings("unchecked") // a model names itself
  default M setFeaturesCols(String... columns) {
    set(featuresCols(), columns);
    return (M) this;
  }

  /**
   * Finds where the features stand in rows of this schema.
   *
   * @throws IllegalArgumentException for a column that is missing or of the wrong type or width
   */
  default FeatureRows resolveRows(StructType schema, String featuresCol) {
    return FeatureRows.of(schema, resolveFeatures(featuresCol), numFeatures());
  }

  /**
   * Computes the network's outputs for one row, which is held to what {@code transform} holds its
   * rows to.
   *
   * @param predicted whether to say it as the loss does, {@link io.penstock.nn.Loss#prediction}
   * @throws io.penstock.feed.BadRowException for null, a NaN or infinite value, another number of
   *     features, or scores that are not finite
   */
  default double[] resolveOutputs(Vector features, String name, boolean predicted) {
    Scorer scorer = fittedNetwork().scorer();
    float[] row = FeatureRows.vector(features, name, numFeatures(), scorer.vocabulary());
    Outputs outputs = scorer.outputs(row, 1, predicted);
    outputs
        .notFinite(0, 1)
        .ifPresent(
            score -> {
              throw BadRowException.notScored(-1, -1, List.of(name), score, scorer.overflow());
            });
    return outputs.at(0, 0);
  }
}
