package io.penstock.ml;

import static io.penstock.ml.Subject.CLASSIFIER;
import static io.penstock.ml.Subject.LEARNER;
import static io.penstock.ml.Subject.REGRESSOR;
import static org.apache.spark.sql.functions.expr;

import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import java.util.List;

/** Features that only an executor can refuse, in fit and in transform. */
final class BadRows {
  private BadRows() {}

  static List<Mistake> all() {
    MistakeTable table = new MistakeTable();
    features(table);
    scored(table);
    return table.mistakes();
  }

  private static void features(MistakeTable table) {
    for (Subject subject : Subject.values()) {
      table.column(
          subject,
          "features that are null",
          "features",
          subject == LEARNER ? "if(id = 50, null, features)" : "if(id = 100, null, features)",
          subject == LEARNER
              ? "Row 10 of partition 2: column 'features' is null"
              : "Row 20 of partition 2: column 'features' is null",
          "drop the rows");
    }
    table
        .column(
            CLASSIFIER,
            "NaN",
            "features",
            "if(id = 45, array(a, float('NaN'), c, d), floats)",
            "Row 5 of partition 1: column 'features[1]' is NaN",
            "replace such rows")
        .column(
            REGRESSOR,
            "infinity",
            "features",
            "if(id = 45, array(a, b, c, -double('Infinity')), wholes)",
            "Row 5 of partition 1: column 'features[3]' is -Infinity",
            "replace such rows")
        .column(
            REGRESSOR,
            "more than a float holds",
            "features",
            "if(id = 0, array(1e39d, 2d, 3d, 4d), wholes)",
            "Row 0 of partition 0: column 'features[0]' is 1.0E39, too large",
            "StandardScaler")
        .column(
            CLASSIFIER,
            "an array that is shorter",
            "features",
            "if(id = 3, slice(floats, 1, 3), floats)",
            "Row 3 of partition 0: column 'features' holds 3 values where 4 are expected",
            "pad, cut or drop")
        .column(
            REGRESSOR,
            "an array that is longer",
            "features",
            "array(a, b, c, d, a)",
            "Row 0 of partition",
            "column 'features' holds 5 values where 4 are expected",
            "pad, cut or drop")
        .column(
            LEARNER,
            "a sequence that is too long",
            "features",
            "if(id = 7, array_repeat(1, 8), features)",
            "Row 7 of partition 0: column 'features' holds 8 ids where 6 are the most",
            "slice(column, 1, 6)")
        .column(
            LEARNER,
            "a sequence of nothing",
            "features",
            "if(id = 7, cast(array() as array<int>), features)",
            "Row 7 of partition 0: column 'features' is an empty array",
            "Drop such rows")
        .column(
            LEARNER,
            "a token below 0",
            "features",
            "if(id = 7, array(1, -2, 3), features)",
            "Row 7 of partition 0: column 'features[1]' is -2",
            "Leave padding out")
        .column(
            LEARNER,
            "a token that is null",
            "features",
            "if(id = 7, array(1, null, 3), features)",
            "Row 7 of partition 0: column 'features[1]' is null",
            "drop the rows")
        .column(
            LEARNER,
            "a token that the embedding has not",
            "features",
            "if(id = 7, array(1, 99, 3), features)",
            "Row 7 of partition 0: column 'features[1]' is 99,",
            "not one of the embedding's 7 ids",
            "give ids below 7")
        .attempt(
            "classifier: a token among numbers that the embedding has not",
            bench ->
                new PipelineParallelClassifier()
                    .setNetwork(
                        Sequential.input(4)
                            .embedding(7, 2)
                            .flatten()
                            .dense(3)
                            .loss(Losses.softmaxCrossEntropy())
                            .build())
                    .fit(
                        bench
                            .rows(CLASSIFIER)
                            .withColumn(
                                "features", expr("array(1d, 6d, if(id = 45, 2.5d, 3d), -1d)"))),
            "Row 5 of partition 1: column 'features[2]' is 2.5,",
            "not one of the embedding's 7 ids");
  }

  /** The same in transform, which counts rows unless it leaves some out. */
  private static void scored(MistakeTable table) {
    table
        .transform(
            CLASSIFIER,
            "NaN",
            "features",
            "if(id = 45, array(a, float('NaN'), c, d), floats)",
            "replace such rows",
            "Row 5 of partition 1: column 'features[1]' is NaN")
        .transform(
            CLASSIFIER,
            "features that overflow",
            "features",
            "if(id = 45, array(float(3e38), float(-3e38), float(3e38), float(-3e38)), floats)",
            "its scores are not finite (",
            "Row 5 of partition 1: ",
            "the features are too large for the network's weights",
            "StandardScaler")
        .transform(
            REGRESSOR,
            "features that are null",
            "features",
            "if(id = 45, null, features)",
            "drop the rows",
            "Row 5 of partition 1: column 'features' is null")
        .transform(
            REGRESSOR,
            "an array that is shorter",
            "features",
            "array(a, b)",
            "column 'features' holds 2 values where 4 are expected",
            "pad, cut or drop")
        .transform(
            LEARNER,
            "a sequence that is too long",
            "features",
            "if(id = 7, array_repeat(1, 8), features)",
            "slice(column, 1, 6)",
            "Row 7 of partition 0: column 'features' holds 8 ids where 6 are the most")
        .transform(
            LEARNER,
            "a token that the embedding has not",
            "features",
            "if(id = 7, array(1, 99, 3), features)",
            "column 'features[1]' is 99, which is not one of the embedding's 7 ids",
            "Row 7 of partition 0: ");
    likelihood(
        table,
        "a label that the model has not",
        "if(id = 7, transform(tags, x -> 99), tags)",
        "99",
        "they are 0 to 6");
  }

  private static void likelihood(MistakeTable table, String name, String sql, String... words) {
    table.transform(
        LEARNER,
        name,
        model -> {
          model.set("labelCol", "tags");
          ((PipelineParallelSequenceModel) model).setPerplexityCol("perplexity");
        },
        rows -> rows.withColumn("tags", expr(sql)),
        words);
  }
}
