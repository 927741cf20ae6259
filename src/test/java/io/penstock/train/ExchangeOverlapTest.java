package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.balance.LayerCosts;
import io.penstock.balance.Partitioner;
import io.penstock.nn.Backward;
import io.penstock.nn.Forward;
import io.penstock.nn.Layer;
import io.penstock.nn.ParameterSpec;
import io.penstock.nn.Parameters;
import io.penstock.nn.Pass;
import io.penstock.nn.Shape;
import io.penstock.nn.layer.Dense;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.generate.Schedules;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The all-reduce of replicas goes beside their backward, layer by layer from the last. */
@Timeout(120)
class ExchangeOverlapTest {
  private static final int REPLICAS = 2;
  private static final Sequential NETWORK =
      Sequential.input(6).dense(8).dense(7).dense(9).dense(3).loss(Losses.squaredError()).build();

  /**
   * A layer whose last weight gradient of a mini-batch begins when all replicas have come to it.
   */
  private record Meeting(Dense dense, CyclicBarrier all) implements Layer {
    @Override
    public Shape outputShape(Shape input) {
      return dense.outputShape(input);
    }

    @Override
    public List<ParameterSpec> parameters(Shape input) {
      return dense.parameters(input);
    }

    @Override
    public long flops(Shape input) {
      return dense.flops(input);
    }

    @Override
    public Forward forward(INDArray input, Parameters parameters, Pass pass) {
      Forward own = dense.forward(input, parameters, pass);
      boolean last = pass.microBatch() % 2 == 1; // each replica does two
      return new Forward(
          own.output(),
          new Backward() {
            @Override
            public INDArray inputGradient(INDArray outputGradient) {
              return own.backward().inputGradient(outputGradient);
            }

            @Override
            public void weightGradient(INDArray outputGradient, Parameters gradients) {
              if (last) {
                meet();
              }
              own.backward().weightGradient(outputGradient, gradients);
            }
          });
    }

    private void meet() {
      try {
        all.await();
      } catch (Exception broken) {
        throw new IllegalStateException(broken);
      }
    }
  }

  private record Ended(List<RankResult> ranks, List<EpochReport> reports) {}

  private static Ended run(Sequential network, int stages, int replicas) throws Exception {
    Schedule schedule = Schedules.generate("1f1b", stages, 2);
    TrainingPlan plan =
        new TrainingPlan(
                "",
                Updater.sgd(0.1).toJson(),
                Partitioner.partition(LayerCosts.flops(network), stages).starts(),
                TrainingPlan.lowerAndVerify(schedule),
                8,
                2,
                7)
            .withReplication(Replication.of(replicas));
    Queue<EpochReport> reports = new ConcurrentLinkedQueue<>();
    LocalPipeline pipeline = new LocalPipeline(network, Nd4j.rand(24, 6), Nd4j.rand(24, 3));
    List<RankResult> ranks = pipeline.run(plan, Optional.empty(), InitialState.BORN, reports::add);
    return new Ended(ranks, List.copyOf(reports));
  }

  @Test
  void aPartLeavesWhileTheLayersBeforeItsOwnAreStillToCome() throws Exception {
    for (RankResult rank : run(NETWORK, 2, REPLICAS).ranks()) {
      List<PartTime> sent =
          rank.lastParts().stream().filter(part -> part.fromRank() == rank.rank()).toList();
      assertEquals(2, sent.size());
      assertEquals(
          sent.stream().sorted(Comparator.comparing(PartTime::layer).reversed()).toList(), sent);
      ActionTime last =
          rank.lastStep().stream()
              .filter(time -> time.parsed().kind().isCompute())
              .reduce((one, next) -> next)
              .orElseThrow();
      for (PartTime part : sent) {
        assertTrue(last.startNanos() <= part.nanos() && part.nanos() <= last.endNanos());
      }
    }
  }

  @Test
  void partsTravelBesideTheBackwardOfTheLayersBefore() throws Exception {
    List<Layer> layers = new ArrayList<>(NETWORK.layers());
    layers.set(0, new Meeting(Dense.of(8), new CyclicBarrier(REPLICAS)));
    Sequential meeting = new Sequential(NETWORK.input(), layers, NETWORK.loss());
    long all = 0;
    for (int layer = 0; layer < layers.size(); layer++) {
      all += meeting.parameterCount(layer);
    }
    Ended ended = run(meeting, 1, REPLICAS);
    assertEquals(2 * REPLICAS, ended.reports().size());
    for (EpochReport report : ended.reports()) {
      // Each replica sums a half, give or take a number, in each of three steps.
      long parts = report.times().gradientBytes() / (3 * Float.BYTES);
      assertTrue(Math.abs(all / 2 - parts) <= layers.size(), all + ", " + parts);
      // When they meet at the first layer, the others' gradients are handed over, and so there.
      long beside = report.times().besideBytes() / (3 * Float.BYTES);
      long others = (all - meeting.parameterCount(0)) / 2 - layers.size();
      assertTrue(others <= beside && beside <= parts, others + ", " + beside + ", " + parts);
    }
  }

  @Test
  void oneReplicaExchangesNothing() throws Exception {
    Ended ended = run(NETWORK, 2, 1);
    ended.ranks().forEach(rank -> assertEquals(List.of(), rank.lastParts()));
    ended.reports().forEach(report -> assertEquals(0, report.times().gradientBytes()));
  }
}
