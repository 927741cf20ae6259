package io.penstock.dl4j;

import static org.apache.spark.ml.functions.array_to_vector;
import static org.apache.spark.sql.functions.col;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.ml.PipelineParallelClassificationModel;
import io.penstock.ml.PipelineParallelClassifier;
import io.penstock.nn.Parameters;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.layer.Window;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.testing.LocalSpark;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

@LocalSpark
class TrainedNetworkTest {
  private static final Sequential NETWORK =
      Sequential.input(1, 6, 6)
          .convolution(4, Window.of(3, 3).same())
          .batchNorm()
          .activation(Activation.RELU)
          .maxPool(Window.of(2, 2).apart())
          .flatten()
          .dense(8, Activation.TANH)
          .dense(3)
          .loss(Losses.softmaxCrossEntropy())
          .build();

  @TempDir Path folder;

  @Test
  void weightsThatAreNotFiniteAreNoNetwork() {
    Map<Integer, float[]> weights =
        IntStream.range(0, NETWORK.layers().size())
            .boxed()
            .collect(
                Collectors.toMap(
                    layer -> layer,
                    layer -> Parameters.initial(NETWORK.parameters(layer), 1, layer).values()));
    TrainedNetwork.of(NETWORK, weights);
    weights.get(0)[2] = Float.NaN;
    String told =
        assertThrows(IllegalArgumentException.class, () -> TrainedNetwork.of(NETWORK, weights))
            .getMessage();
    assertTrue(told.startsWith("Layer 0, Convolution"), told);
    assertTrue(told.contains("1 of 36 numbers of weights are not finite, the first is NaN"), told);
  }

  @Test
  @Timeout(300)
  void fittedModelSaysTheSameInDl4j(SparkSession spark) throws Exception {
    Dataset<Row> rows = pictures(spark).cache();
    PipelineParallelClassificationModel model =
        new PipelineParallelClassifier()
            .setNetwork(NETWORK)
            .setNumStages(2)
            .setNumMicroBatches(2)
            .setBatchSize(16)
            .setEpochs(8)
            .setLearningRate(0.01)
            .fit(rows);
    Path zip = folder.resolve("model.zip");
    Dl4jNetworks.write(TrainedNetwork.of(model), zip);
    MultiLayerNetwork there = ModelSerializer.restoreMultiLayerNetwork(zip.toFile());
    List<Row> scored =
        model
            .transform(rows)
            .select("features", "probability", "prediction", "label")
            .collectAsList();
    INDArray said = there.output(Nd4j.createFromArray(vectors(scored, 0)).castTo(DataType.FLOAT));
    RoundTrip.close(Nd4j.createFromArray(vectors(scored, 1)).castTo(DataType.FLOAT), said);
    INDArray classes = said.argMax(1);
    for (int i = 0; i < scored.size(); i++) {
      assertEquals(scored.get(i).getDouble(2), classes.getDouble(i));
    }
    long right = scored.stream().filter(row -> row.getDouble(2) == row.getDouble(3)).count();
    assertTrue(right > scored.size() / 2, () -> right + " of " + scored.size() + " are right");
  }

  /** Stripes that lie, stand, or neither. */
  private static Dataset<Row> pictures(SparkSession spark) {
    String points =
        IntStream.range(0, 36)
            .mapToObj(
                p ->
                    ("case id %% 3 when 0 then sin(%d + id) when 1 then sin(%d + id) else sin(%d *"
                            + " id) end")
                        .formatted(p / 6, p % 6, p))
            .collect(Collectors.joining(", "));
    return spark
        .range(0, 45, 1, 2)
        .selectExpr("array(" + points + ") as points", "cast(id % 3 as double) as label")
        .withColumn("features", array_to_vector(col("points")));
  }

  private static double[][] vectors(List<Row> rows, int column) {
    return rows.stream().map(row -> row.<Vector>getAs(column).toArray()).toArray(double[][]::new);
  }

  @Test
  void weightsOfARunBelongToTheirLayers() {
    TrainedNetwork here = RoundTrip.trained(Sequential.perceptron(2, 3));
    float[] flat = here.parameters().get(0).flat().toFloatVector();
    TrainedNetwork again = TrainedNetwork.of(here.network(), Map.of(0, flat));
    INDArray rows = Nd4j.rand(4, 2);
    RoundTrip.close(here.predict(rows), again.predict(rows));
    String why =
        assertThrows(
                IllegalArgumentException.class, () -> TrainedNetwork.of(here.network(), Map.of()))
            .getMessage();
    assertTrue(why.contains("Layer 0") && why.contains("9"), why);
  }
}
