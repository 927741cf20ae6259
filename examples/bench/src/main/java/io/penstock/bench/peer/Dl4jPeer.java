package io.penstock.bench.peer;

import io.penstock.bench.Work;
import io.penstock.launch.cluster.NativeRuntime;
import io.penstock.nn.update.Updater;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions;
import org.nd4j.serde.json.JsonMappers;

/**
 * DL4J's {@code MultiLayerNetwork}: the same layers, updater and batches, the whole batch at once.
 * ND4J's checks of every operation are off, as in Penstock.
 */
public final class Dl4jPeer {
  private static final int WARM_UP = 4;

  private Dl4jPeer() {}

  /** Rows that are scored together, as many as Penstock's classifier takes. */
  private static final int SCORED_TOGETHER = 256;

  /** Arguments: the work's name, rows, threads, and {@code score} where it is not to learn. */
  public static void main(String[] arguments) throws IOException {
    Work work = Work.named(arguments[0]);
    int rows = Integer.parseInt(arguments[1]);
    NativeRuntime.ready(Integer.parseInt(arguments[2]));
    boolean scores = arguments.length > 3 && arguments[3].equals("score");
    MultiLayerNetwork network = network(work);
    List<DataSet> batches = batches(work, rows, scores ? SCORED_TOGETHER : work.batchSize());
    Consumer<DataSet> step =
        scores ? batch -> network.output(batch.getFeatures()).argMax(1) : network::fit;
    for (int warmUp = 0; warmUp < WARM_UP; warmUp++) {
      step.accept(batches.get(warmUp % batches.size()));
    }
    long start = System.nanoTime();
    batches.forEach(step);
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf(
        Locale.ROOT,
        "PEER rows_per_s=%.1f blas=%s%n",
        rows / seconds,
        Nd4j.factory().blas().getBlasVendor());
    System.exit(0); // ND4J's threads would keep the process
  }

  private static MultiLayerNetwork network(Work work) throws IOException {
    int[] sizes = work.sizes();
    NeuralNetConfiguration.ListBuilder list =
        new NeuralNetConfiguration.Builder()
            .seed(42)
            .updater(
                JsonMappers.getMapper()
                    .readValue(
                        Updater.named(work.updater(), work.learningRate()).toJson(),
                        IUpdater.class))
            .weightInit(WeightInit.RELU)
            .list();
    for (int i = 0; i < sizes.length - 2; i++) {
      list.layer(
          new DenseLayer.Builder()
              .nIn(sizes[i])
              .nOut(sizes[i + 1])
              .activation(Activation.RELU)
              .build());
    }
    list.layer(
        new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
            .nIn(sizes[sizes.length - 2])
            .nOut(sizes[sizes.length - 1])
            .activation(Activation.SOFTMAX)
            .build());
    MultiLayerNetwork network = new MultiLayerNetwork(list.build());
    network.init();
    return network;
  }

  private static List<DataSet> batches(Work work, int rows, int batchSize) {
    int classes = Math.toIntExact(work.network().output().size());
    List<DataSet> batches = new ArrayList<>();
    for (int from = 0; from < rows; from += batchSize) {
      int count = Math.min(batchSize, rows - from);
      float[][] features = new float[count][];
      INDArray labels = Nd4j.zeros(count, classes);
      for (int row = 0; row < count; row++) {
        features[row] = work.features(from + row);
        labels.putScalar(row, work.label(from + row), 1);
      }
      batches.add(new DataSet(Nd4j.create(features), labels));
    }
    return batches;
  }
}
