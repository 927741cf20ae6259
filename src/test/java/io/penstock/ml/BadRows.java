package io.penstock.ml;

import static io.penstock.ml.Subject.CLASSIFIER;
import static io.penstock.ml.Subject.LEARNER;
import static io.penstock.ml.Subject.REGRESSOR;
import static org.apache.spark.sql.functions.expr;

import java.util.List;

/** Rows that only an executor can refuse. */
final class BadRows {
  private BadRows() {}

  static List<Mistake> all() {
    MistakeTable table = new MistakeTable();
    features(table);
    labels(table);
    weights(table);
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
            "Row 7 of partition 0: column 'features (next)[0]' is 99",
            "with 7 ids it must be below 7",
            "map rare ids to one");
  }

  private static void labels(MistakeTable table) {
    table
        .column(
            CLASSIFIER,
            "a label that is null",
            "label",
            "if(id = 100, null, label)",
            "Row 20 of partition 2: column 'label' is null",
            "drop the rows")
        .column(
            REGRESSOR,
            "a label that is null",
            "label",
            "if(id = 100, null, label)",
            "Row 20 of partition 2: column 'label' is null",
            "drop the rows")
        .column(
            CLASSIFIER,
            "a class below 0",
            "label",
            "if(id = 41, -1d, label)",
            "Row 1 of partition 1: column 'label' is -1.0",
            "cannot be negative",
            "StringIndexer")
        .column(
            CLASSIFIER,
            "half a class",
            "label",
            "if(id = 41, 0.5d, label)",
            "Row 1 of partition 1: column 'label' is 0.5",
            "a whole number",
            "the regressor")
        .column(
            CLASSIFIER,
            "a class too many",
            "label",
            "if(id = 41, 3d, label)",
            "Row 1 of partition 1: column 'label' is 3.0; with 3 classes it must lie from 0 to 2",
            "more outputs")
        .column(
            REGRESSOR,
            "a number that is none",
            "label",
            "if(id = 41, double('NaN'), label)",
            "Row 1 of partition 1: column 'label' is NaN",
            "replace such rows")
        .column(
            REGRESSOR,
            "two numbers for one output",
            "label",
            "array(a, b)",
            "column 'label' holds 2 values where 1 are expected");
    tags(
        table,
        "fewer labels than tokens",
        "if(id = 7, array(1), tags)",
        "Row 7 of partition 0: column 'tags' holds 1 ids where the features 'features' hold 4",
        "the label -1");
    tags(
        table,
        "a label that is null",
        "if(id = 7, null, tags)",
        "Row 7 of partition 0: column 'tags' is null",
        "drop the rows");
    tags(
        table,
        "a label too many",
        "if(id = 7, transform(tags, x -> 7), tags)",
        "Row 7 of partition 0: column 'tags[0]' is 7; with 7 ids it must be below 7",
        "more outputs");
    for (Subject subject : Subject.values()) {
      table
          .rows(subject, "no rows", rows -> rows.where("id < 0"), "has no rows", "a filter, a join")
          .attempt(
              subject.title() + ": only rows to validate on",
              bench ->
                  subject.fit(
                      subject.estimator().setValidationIndicatorCol("held"),
                      bench.rows(subject).withColumn("held", expr("true"))),
              "column 'held' is true in every row",
              "Make it false")
          .attempt(
              subject.title() + ": no rows to validate on",
              bench ->
                  subject.fit(
                      subject.estimator().setValidationIndicatorCol("held"),
                      bench.rows(subject).withColumn("held", expr("false"))),
              "column 'held' is true in no row",
              "leave validationIndicatorCol out")
          .attempt(
              subject.title() + ": a row for nothing",
              bench ->
                  subject.fit(
                      subject.estimator().setValidationIndicatorCol("held"),
                      bench.rows(subject).withColumn("held", expr("if(id = 7, null, flag)"))),
              "Row 7 of partition 0: column 'held' is null",
              "df.na().fill(false)");
    }
  }

  private static void tags(MistakeTable table, String name, String sql, String... words) {
    table.attempt(
        "learner: " + name,
        bench ->
            LEARNER.fit(
                Counting.learner().setLabelCol("tags"),
                bench.rows(LEARNER).withColumn("tags", expr(sql))),
        words);
  }

  private static void weights(MistakeTable table) {
    for (Subject subject : Subject.values()) {
      weight(
          table,
          subject,
          "a weight below 0",
          "if(id = 7, -2d, 1d)",
          "Row 7 of partition 0: column 'w' is -2.0",
          "cannot be negative",
          "Give 0");
      weight(
          table,
          subject,
          "a weight that is null",
          "if(id = 7, null, 1d)",
          "Row 7 of partition 0: column 'w' is null",
          "drop the rows");
      weight(
          table,
          subject,
          "no row that counts",
          "0d",
          "column 'w' is 0 in every row",
          "leave the weight column out");
    }
  }

  private static void weight(
      MistakeTable table, Subject subject, String name, String sql, String... words) {
    table.attempt(
        subject.title() + ": " + name,
        bench ->
            subject.fit(
                subject.estimator().setWeightCol("w"),
                bench.rows(subject).withColumn("w", expr(sql))),
        words);
  }

  /** Scoring goes on behind a filter, so rows are not counted there. */
  private static void scored(MistakeTable table) {
    table
        .transform(
            CLASSIFIER,
            "NaN",
            "features",
            "if(id = 45, array(a, float('NaN'), c, d), floats)",
            "partition 1: column 'features[1]' is NaN",
            "replace such rows")
        .transform(
            REGRESSOR,
            "features that are null",
            "features",
            "if(id = 45, null, features)",
            "partition 1: column 'features' is null",
            "drop the rows")
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
            "partition 0: column 'features' holds 8 ids where 6 are the most",
            "slice(column, 1, 6)")
        .transform(
            LEARNER,
            "a token that the embedding has not",
            "features",
            "if(id = 7, array(1, 99, 3), features)",
            "99",
            "from 0 to 6");
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
