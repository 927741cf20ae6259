package io.penstock.ml;

import static org.apache.spark.ml.functions.array_to_vector;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.lit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.spark.ml.classification.OneVsRest;
import org.apache.spark.ml.classification.OneVsRestModel;
import org.apache.spark.ml.evaluation.Evaluator;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

class ClassifierContractTest
    extends ParamsContract<PipelineParallelClassifier, PipelineParallelClassificationModel> {
  @Override
  PipelineParallelClassifier estimator() {
    return Blobs.classifier();
  }

  @Override
  Dataset<Row> data(SparkSession session) {
    return Blobs.rows(session);
  }

  @Override
  Column broken() {
    return array_to_vector(array(lit(1.0), lit(Double.NaN), lit(0.0), lit(0.0)));
  }

  @Override
  Evaluator evaluator() {
    return new MulticlassClassificationEvaluator().setMetricName("accuracy");
  }

  @Override
  MLReader<PipelineParallelClassifier> estimatorReader() {
    return PipelineParallelClassifier.read();
  }

  @Override
  MLReader<PipelineParallelClassificationModel> modelReader() {
    return PipelineParallelClassificationModel.read();
  }

  @Test
  void oneVersusRestTrainsABinaryOneForEachClass() throws Exception {
    OneVsRest each =
        new OneVsRest().setClassifier(Blobs.classifier().setLayers(4, 8, 2).setMaxIter(15));
    each.setParallelism(3);
    OneVsRestModel model = each.fit(rows());
    assertEquals(3, model.models().length);
    double accuracy =
        new MulticlassClassificationEvaluator()
            .setMetricName("accuracy")
            .evaluate(model.transform(rows()));
    assertTrue(accuracy > 0.9, "accuracy " + accuracy);
    String path = directory.resolve("one-versus-rest").toString();
    model.save(path);
    assertEquals(answers(model, rows()), answers(OneVsRestModel.load(path), rows()));
  }
}
