package io.penstock.ml;

import static io.penstock.ml.Subject.CLASSIFIER;
import static io.penstock.ml.Subject.LEARNER;
import static io.penstock.ml.Subject.REGRESSOR;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udf;

import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import java.util.List;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;

/** Columns that are missing, ambiguous, in the way or of the wrong type. */
final class BadColumns {
  private BadColumns() {}

  static List<Mistake> all() {
    MistakeTable table = new MistakeTable();
    fits(table);
    transforms(table);
    return table.mistakes();
  }

  private static void fits(MistakeTable table) {
    table
        .everywhere(
            "a weight column that is missing",
            it -> it.setWeightCol("v"),
            "no weight column 'v'",
            "The DataFrame has: id")
        .everywhere(
            "weights that are text",
            it -> it.setWeightCol("text"),
            "'text' is of type string",
            "a weight must be numeric",
            "Cast it")
        .everywhere(
            "a validation column that is missing",
            it -> it.setValidationIndicatorCol("held"),
            "no validation indicator column 'held'",
            "The DataFrame has: id")
        .everywhere(
            "a validation column of numbers",
            it -> it.setValidationIndicatorCol("one"),
            "'one' is of type double",
            "must be boolean",
            "cast it")
        .classifier(
            "features that are missing",
            it -> it.setFeaturesCol("f"),
            "no feature column 'f'",
            "The DataFrame has: id, label")
        .regressor(
            "features that are missing", it -> it.setFeaturesCol("f"), "no feature column 'f'")
        .learner("features that are missing", it -> it.setFeaturesCol("f"), "no feature column 'f'")
        .classifier(
            "one of several that is missing",
            it -> it.setFeaturesCols("a", "z"),
            "no feature column 'z'",
            "The DataFrame has")
        .classifier(
            "fewer columns than inputs",
            it -> it.setFeaturesCols("a", "b"),
            "2 features where the network takes 4",
            "choose other columns")
        .regressor(
            "one number where there are several inputs",
            it -> it.setFeaturesCol("a"),
            "1 feature where the network takes 4")
        .classifier(
            "the label among the features",
            it -> it.setFeaturesCols("a", "b", "c", "label"),
            "'label' is both a feature and the label",
            "Take it out")
        .regressor(
            "a vector among numbers",
            it -> it.setFeaturesCols("a", "features"),
            "'features' is of type vector",
            "VectorAssembler")
        .classifier(
            "features that are text",
            it -> it.setFeaturesCol("text"),
            "'text' is of type string",
            "vector, array<float>")
        .classifier(
            "features that are words",
            it -> it.setFeaturesCol("words"),
            "'words' is of type array<string>",
            "cast it to array<float>")
        .regressor(
            "features that are whole numbers",
            it -> it.setFeaturesCol("ints"),
            "'ints' is of type array<int>",
            "cast it to array<float>")
        .regressor(
            "features that are a struct",
            it -> it.setFeaturesCol("struct"),
            "'struct' is of type struct<x:bigint>",
            "vector, array<float>")
        .learner(
            "tokens that are fractions",
            it -> it.setFeaturesCol("wholes"),
            "'wholes' is of type array<double>",
            "array<int>, array<long> or array<short>")
        .learner(
            "tokens that are words",
            it -> it.setFeaturesCol("words"),
            "'words' is of type array<string>",
            "number the words")
        .classifier(
            "a label that is missing",
            it -> it.setLabelCol("y"),
            "no label column 'y'",
            "The DataFrame has")
        .regressor(
            "a label that is missing",
            it -> it.setLabelCol("y"),
            "no label column 'y'",
            "The DataFrame has")
        .learner(
            "labels that are missing",
            it -> it.setLabelCol("y"),
            "no label column 'y'",
            "The DataFrame has")
        .classifier(
            "a label that is text",
            it -> it.setLabelCol("text"),
            "'text' is of type string",
            "StringIndexer")
        .regressor(
            "a label that is yes or no",
            it -> it.setLabelCol("flag"),
            "'flag' is of type boolean",
            "numeric")
        .learner(
            "one label for all tokens",
            it -> it.setLabelCol("one"),
            "'one' is of type double",
            "as long as the features")
        .learner(
            "labels that are the tokens themselves",
            it -> it.setLabelCol("features"),
            "'features' is both a feature and the label",
            "Take it out")
        .rows(
            CLASSIFIER,
            "features twice",
            rows -> rows.select(col("*"), col("floats").as("features")),
            "feature column 'features' is there 2 times",
            "rename")
        .rows(
            LEARNER,
            "tokens twice",
            rows -> rows.select(col("*"), col("tags").as("features")),
            "feature column 'features' is there 2 times",
            "rename")
        .rows(
            REGRESSOR,
            "labels twice",
            rows -> rows.select(col("*"), col("a").as("label")),
            "label column 'label' is there 2 times",
            "rename")
        .attempt(
            "classifier: sparse rows that are too wide to be made dense",
            bench ->
                Blobs.classifier()
                    .setNetwork(
                        Sequential.input(600_000_000)
                            .dense(3)
                            .loss(Losses.softmaxCrossEntropy())
                            .build())
                    .setNumStages(1)
                    .fit(bench.rows(CLASSIFIER).withColumn("features", wide())),
            "600,000,000 features wide",
            "268,435,456 numbers (1 GiB) at most",
            "FeatureHasher")
        .everywhere(
            "a label column whose name only differs in case",
            it -> it.set("labelCol", "LABEL"),
            "no label column 'LABEL'",
            "The DataFrame has: id")
        .rows(
            CLASSIFIER,
            "a vector that tells of another width",
            BadColumns::narrow,
            "2 features where the network takes 4")
        .column(
            CLASSIFIER,
            "an answer that is there",
            "prediction",
            "1",
            "'prediction' exists already",
            "predictionCol")
        .column(
            REGRESSOR,
            "an answer that is there",
            "prediction",
            "1",
            "'prediction' exists already",
            "predictionCol")
        .column(
            LEARNER,
            "an answer that is there",
            "prediction",
            "1",
            "'prediction' exists already",
            "predictionCol");
  }

  private static void transforms(MistakeTable table) {
    for (Subject subject : Subject.values()) {
      table
          .transform(
              subject,
              "features that are missing",
              it -> {},
              rows -> rows.drop("features"),
              "no feature column 'features'",
              "The DataFrame has: id")
          .transform(
              subject, "features that are text", "features", "text", "'features' is of type string")
          .transform(
              subject,
              "an answer that is there",
              "prediction",
              "1",
              "'prediction' exists already",
              "predictionCol");
    }
    table
        .transform(
            CLASSIFIER,
            "a vector that tells of another width",
            it -> {},
            BadColumns::narrow,
            "2 features where the network takes 4")
        .transform(
            LEARNER,
            "labels that are missing",
            it -> ((PipelineParallelSequenceModel) it.set("labelCol", "y")).setPerplexityCol("p"),
            rows -> rows,
            "no label column 'y'",
            "The DataFrame has: id")
        .attempt(
            "classes to balance that are text",
            bench -> ClassWeights.balanced(bench.rows(CLASSIFIER), "text", 3),
            "'text' is of type string",
            "must be numeric")
        .attempt(
            "log-likelihoods that are missing",
            bench -> new PerplexityEvaluator().evaluate(bench.rows(LEARNER)),
            "no log-likelihood column 'logLikelihood'",
            "setLogLikelihoodCol")
        .attempt(
            "classes to balance that are there twice",
            bench ->
                ClassWeights.balanced(
                    bench.rows(CLASSIFIER).select(col("*"), col("a").as("label")), "label", 3),
            "label column 'label' is there 2 times",
            "rename")
        .attempt(
            "log-likelihoods that are there twice",
            bench ->
                new PerplexityEvaluator()
                    .setLogLikelihoodCol("wholes")
                    .evaluate(bench.rows(LEARNER).select(col("*"), col("wholes"))),
            "'wholes' is there more than once",
            "rename")
        .attempt(
            "log-likelihoods that are text",
            bench ->
                new PerplexityEvaluator().setLogLikelihoodCol("text").evaluate(bench.rows(LEARNER)),
            "'text' is of type string",
            "array<double>");
  }

  private static Column wide() {
    UDF1<Long, Vector> wide = id -> Vectors.sparse(600_000_000, new int[] {3}, new double[] {1});
    return udf(wide, SQLDataTypes.VectorType()).apply(col("id"));
  }

  private static Dataset<Row> narrow(Dataset<Row> rows) {
    return new VectorAssembler()
        .setInputCols(new String[] {"a", "b"})
        .setOutputCol("features")
        .transform(rows.drop("features"));
  }
}
