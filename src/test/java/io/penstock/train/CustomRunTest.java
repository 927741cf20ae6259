package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.penstock.nn.Shape;
import io.penstock.nn.WeightInit;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.layer.Custom;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.generate.Schedules;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A network with a {@link Custom} layer runs like any other. */
@Timeout(120)
class CustomRunTest {
  @Test
  void twoStagesTrainAsOneDoes() throws Exception {
    Sequential network =
        Sequential.input(6)
            .dense(8, Activation.RELU)
            .layer(
                Custom.of(Shape.of(7), (sd, x) -> sd.math().tanh(x.mmul(sd.getVariable("w"))))
                    .with("w", WeightInit.XAVIER.of(8, 7), 8, 7))
            .dense(3)
            .loss(Losses.softmaxCrossEntropy())
            .build();
    Random random = new Random(5);
    INDArray features = Nd4j.create(21, 6);
    INDArray labels = Nd4j.create(21, 1);
    for (int i = 0; i < features.length(); i++) {
      features.putScalar(i, random.nextGaussian());
    }
    for (int i = 0; i < labels.length(); i++) {
      labels.putScalar(i, random.nextInt(3));
    }
    LocalPipeline pipeline =
        new LocalPipeline(Sequential.fromWire(network.toWire()), features, labels);
    Updater adam = Updater.adam(0.01);
    List<RankResult> one = pipeline.train(Schedules.generate("gpipe", 1, 3), 8, 3, adam);
    for (String id : new String[] {"gpipe", "1f1b", "zb-h1"}) {
      Map<Integer, float[]> two =
          LocalPipeline.weights(pipeline.train(Schedules.generate(id, 2, 3), 8, 3, adam));
      LocalPipeline.weights(one)
          .forEach((layer, own) -> assertArrayEquals(own, two.get(layer), 0f, id));
    }
  }
}
