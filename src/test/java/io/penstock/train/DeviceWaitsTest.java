package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.compute.cuda.CudaDevice;
import io.penstock.compute.cuda.StandIn;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.layer.Window;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.generate.Schedules;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How often a rank waits for numbers of its GPU, on the stand-in of one. */
@Timeout(300)
class DeviceWaitsTest {
  private final StandIn driver = StandIn.fresh();
  private final CudaDevice device = StandIn.device();

  @AfterEach
  void close() {
    device.close();
  }

  private static Sequential perceptron() {
    return Sequential.input(6)
        .dense(8, Activation.RELU)
        .dense(8, Activation.TANH)
        .dropout(0.1)
        .dense(3)
        .loss(Losses.softmaxCrossEntropy())
        .build();
  }

  private static Sequential transformer() {
    return Sequential.input(4)
        .embedding(9, 8)
        .positions(4)
        .transformerBlock(2, 16, false, 0.0)
        .transformerBlock(2, 16, false, 0.0)
        .lastStep()
        .dense(3)
        .loss(Losses.softmaxCrossEntropy())
        .build();
  }

  private static Sequential cells() {
    return Sequential.input(4)
        .embedding(9, 8)
        .lstm(8)
        .lastStep()
        .dense(3)
        .loss(Losses.softmaxCrossEntropy())
        .build();
  }

  private static Sequential pictures() {
    return Sequential.input(1, 4, 4)
        .convolution(4, Window.of(3, 3).same(), Activation.RELU)
        .batchNorm()
        .maxPool(Window.of(2, 2).apart())
        .convolution(4, Window.of(1, 1), Activation.RELU)
        .globalAveragePool()
        .dense(3)
        .loss(Losses.softmaxCrossEntropy())
        .build();
  }

  private static Sequential regression() {
    return Sequential.input(6)
        .dense(8)
        .batchNorm()
        .activation(Activation.RELU)
        .dense(1)
        .loss(Losses.squaredError())
        .build();
  }

  private long copies(Sequential network, int microBatches) throws Exception {
    boolean ids = network.layers().get(0).tokenIds().isPresent();
    int width = Math.toIntExact(network.shape(0).size());
    LocalPipeline pipeline = LocalPipeline.ofClasses(network, 16, width, 3, 5);
    if (ids) {
      pipeline.features().assign(pipeline.features().mul(0).addi(2));
    }
    long before = driver.count("toHost");
    pipeline
        .on(device)
        .train(Schedules.generate("gpipe", 1, microBatches), 16, 1, Updater.sgd(0.01));
    return driver.count("toHost") - before;
  }

  /** What a micro-batch adds: two looks at its numbers, and the loss. */
  @Test
  void aMicroBatchIsWaitedForAsOftenAsItIsLookedAt() throws Exception {
    Map<String, Sequential> networks = new TreeMap<>();
    networks.put("perceptron", perceptron());
    networks.put("transformer", transformer());
    networks.put("cells", cells());
    networks.put("pictures", pictures());
    networks.put("regression", regression());
    Map<String, Long> counts = new TreeMap<>();
    Map<String, Long> expected = new TreeMap<>();
    for (Map.Entry<String, Sequential> each : networks.entrySet()) {
      long few = copies(each.getValue(), 2);
      long more = copies(each.getValue(), 4);
      counts.put(each.getKey(), (more - few) / 2);
      expected.put(each.getKey(), 3L);
    }
    assertEquals(expected, counts);
  }
}
