package example;

import io.penstock.ml.PipelineParallelClassifier;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.feature.StandardScaler;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Trains a network on two executors, saves it, loads it and uses it. */
public final class App {
  private App() {}

  /** Takes the folder to save the model to, such as {@code hdfs:///models/rings}. */
  public static void main(String[] arguments) throws Exception {
    String folder = arguments[0];
    SparkSession spark = SparkSession.builder().appName("rings").getOrCreate();
    Dataset<Row>[] parts = rings(spark, 4000).randomSplit(new double[] {0.8, 0.2}, 42);
    Dataset<Row> train = parts[0];
    Dataset<Row> test = parts[1];

    VectorAssembler assembler =
        new VectorAssembler().setInputCols(new String[] {"x", "y"}).setOutputCol("raw");
    StandardScaler scaler = new StandardScaler().setInputCol("raw").setOutputCol("features");
    PipelineParallelClassifier classifier =
        new PipelineParallelClassifier()
            .setFeaturesCol("features") // vector, array<float> or array<double>
            .setLabelCol("label") // class numbers from 0
            .setLayers(2, 32, 32, 3) // or setNetwork, with a network of any layers
            .setNumStages(2)
            .setNumMicroBatches(4)
            .setBatchSize(128)
            .setEpochs(20)
            .setUpdater("adam") // the optimizer; or an ND4J IUpdater, rate schedule and all
            .setLearningRate(1e-2)
            .setSchedule("1f1b");

    PipelineModel model =
        new Pipeline().setStages(new PipelineStage[] {assembler, scaler, classifier}).fit(train);
    model.write().overwrite().save(folder);

    PipelineModel loaded = PipelineModel.load(folder); // in this job or in another
    Dataset<Row> scored = loaded.transform(test); // adds rawPrediction, probability, prediction
    scored.select("x", "y", "label", "prediction").show(5);
    double accuracy =
        new MulticlassClassificationEvaluator().setMetricName("accuracy").evaluate(scored);
    System.out.println("accuracy " + accuracy);
    spark.stop();
  }

  /** Points in three rings about the origin; the label says in which. */
  private static Dataset<Row> rings(SparkSession spark, long rows) {
    return spark
        .range(rows)
        .selectExpr(
            "id % 3 as label", "id % 3 + 0.6 * rand(1) as radius", "6.28 * rand(2) as angle")
        .selectExpr("label", "radius * cos(angle) as x", "radius * sin(angle) as y");
  }
}
