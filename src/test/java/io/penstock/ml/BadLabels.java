package io.penstock.ml;

import static io.penstock.ml.Subject.CLASSIFIER;
import static io.penstock.ml.Subject.LEARNER;
import static io.penstock.ml.Subject.REGRESSOR;
import static org.apache.spark.sql.functions.expr;

import java.util.List;

/** Labels, weights and words on validation that only an executor can refuse. */
final class BadLabels {
  private BadLabels() {}

  static List<Mistake> all() {
    MistakeTable table = new MistakeTable();
    labels(table);
    weights(table);
    return table.mistakes();
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
        "Row 7 of partition 0: column 'tags' holds 1 id where the features 'features' hold 4",
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
              subject.title() + ": rows that are all skipped",
              bench ->
                  subject.fit(
                      subject.estimator().setHandleInvalid("skip"),
                      bench
                          .rows(subject)
                          .withColumn("features", expr("if(false, features, null)"))),
              "handleInvalid is skip, which left out all ",
              "column 'features' is missing in",
              "set handleInvalid to error")
          .attempt(
              subject.title() + ": rows to train on that are all skipped",
              bench -> {
                PipelineParallelEstimator<?> estimator =
                    subject.estimator().setHandleInvalid("keep").setValidationIndicatorCol("held");
                estimator.set("labelCol", subject == Subject.LEARNER ? "tags" : "label");
                String label = subject == Subject.LEARNER ? "tags" : "label";
                subject.fit(
                    estimator,
                    bench
                        .rows(subject)
                        .withColumn("held", expr("id % 2 = 0"))
                        .withColumn(label, expr("if(held, " + label + ", null)")));
              },
              "column 'held' is true in every row",
              "handleInvalid is keep, which left out ",
              subject == Subject.LEARNER
                  ? "'tags' is missing in "
                  : "'label' is missing in 60 rows")
          .attempt(
              subject.title() + ": no rows to skip",
              bench ->
                  subject.fit(
                      subject.estimator().setHandleInvalid("skip"),
                      bench.rows(subject).where("id < 0")),
              "the DataFrame has no rows")
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
}
