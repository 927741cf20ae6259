package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.compute.Rows;
import io.penstock.compute.Workspace;
import io.penstock.link.Address;
import io.penstock.link.Link;
import io.penstock.link.LinkConfig;
import io.penstock.link.Links;
import io.penstock.nn.Parameters;
import io.penstock.nn.Shape;
import io.penstock.nn.layer.Dense;
import io.penstock.schedule.generate.Schedules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;

@Timeout(120)
class GradientNormTest {
  private static final int LAYERS = 5;

  private static Rows rows() {
    return new Workspace().compute(DataType.FLOAT).rows();
  }

  private static Parameters gradients(int layer, double value) {
    Parameters gradients = Parameters.initial(Dense.of(7).parameters(Shape.of(3)), 1, layer);
    gradients.scale(value, rows());
    return gradients;
  }

  @Test
  void gradientsWithinTheLimitStayAsTheyAre() throws Exception {
    List<Map<Integer, Parameters>> ranks = clipped(1, 1e6, 1);
    for (int layer = 0; layer < LAYERS; layer++) {
      assertArrayEquals(gradients(layer, 1).values(), ranks.get(0).get(layer).values(), 0f);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 0.5", "2, 0.5", "3, 0.01", "5, 2"})
  void theNormOfAllRanksTogetherBecomesTheLimit(int ranks, double limit) throws Exception {
    double squares = 0;
    for (Map<Integer, Parameters> rank : clipped(ranks, limit, 100)) {
      for (Parameters own : rank.values()) {
        squares += own.sumOfSquares(rows());
      }
    }
    assertEquals(limit, Math.sqrt(squares), 1e-5 * limit);
  }

  @ParameterizedTest
  @CsvSource({"2", "3", "5"})
  void howLayersLieOnRanksChangesNoBit(int ranks) throws Exception {
    Map<Integer, Parameters> one = clipped(1, 0.7, 3).get(0);
    for (Map<Integer, Parameters> rank : clipped(ranks, 0.7, 3)) {
      rank.forEach((layer, own) -> assertArrayEquals(one.get(layer).values(), own.values(), 0f));
    }
  }

  /** The norm of the gradient of all layers as one. */
  private static double wholeNorm(double scale) {
    return Math.sqrt(
        IntStream.range(0, LAYERS)
            .mapToObj(layer -> gradients(layer, scale))
            .mapToDouble(own -> own.sumOfSquares(rows()))
            .boxed()
            .reduce(0.0, Double::sum));
  }

  /** Layer i on rank i modulo their number. */
  private static List<Map<Integer, Parameters>> clipped(int ranks, double limit, double scale)
      throws Exception {
    TrainingPlan plan =
        new TrainingPlan(
            "",
            "",
            IntStream.range(0, ranks).boxed().toList(),
            TrainingPlan.lowerAndVerify(Schedules.generate("gpipe", ranks, 1)),
            1,
            1,
            7);
    List<Link> links = new ArrayList<>();
    List<Map<Integer, Parameters>> gradients = new ArrayList<>();
    for (int rank = 0; rank < ranks; rank++) {
      links.add(Links.open(LinkConfig.on("127.0.0.1")));
      Map<Integer, Parameters> own = new TreeMap<>();
      for (int layer = rank; layer < LAYERS; layer += ranks) {
        own.put(layer, gradients(layer, scale));
      }
      gradients.add(own);
    }
    List<Address> addresses = links.stream().map(Link::address).toList();
    ExecutorService threads = Executors.newFixedThreadPool(ranks);
    try {
      List<Future<Double>> norms = new ArrayList<>();
      for (int rank = 0; rank < ranks; rank++) {
        int own = rank;
        norms.add(
            threads.submit(
                () -> {
                  links.get(own).connect(own, addresses);
                  Exchange exchange =
                      new Exchange(own, plan, links.get(own), new Workspace(), () -> false);
                  return new GradientNorm(
                          exchange, plan.topology().all(), LAYERS, limit, new Workspace())
                      .clip(gradients.get(own), 0);
                }));
      }
      for (Future<Double> norm : norms) {
        assertEquals(wholeNorm(scale), norm.get(), 0.0);
      }
      return gradients;
    } finally {
      threads.shutdownNow();
      links.forEach(Link::close);
    }
  }
}
