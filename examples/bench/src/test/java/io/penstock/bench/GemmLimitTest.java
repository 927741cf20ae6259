package io.penstock.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

@Timeout(120)
class GemmLimitTest {
  private static final long[] MICRO_BATCH = {8, 16, 32};

  /** Spins for so long, so that its rate is known to be lower the longer it is. */
  private record Spinning(String name, long nanos) implements ProductLibrary {
    @Override
    public String kernel() {
      return "none";
    }

    @Override
    public void multiply(INDArray a, INDArray b, INDArray c) {
      long end = System.nanoTime() + nanos;
      while (System.nanoTime() < end) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void everyLibraryComputesTheSameProduct() {
    INDArray a = Nd4j.createFromArray(new float[][] {{1, 2, 3}, {4, 5, 6}}).dup('f');
    INDArray b =
        Nd4j.createFromArray(new float[][] {{1, 0, 2, 0}, {0, 1, 0, 2}, {3, 0, 0, 1}}).dup('f');
    INDArray product = Nd4j.createFromArray(new float[][] {{10, 2, 2, 7}, {22, 5, 8, 16}});
    List<ProductLibrary> libraries = ProductLibrary.atHand();
    assertEquals(libraries.size(), libraries.stream().map(ProductLibrary::name).distinct().count());
    for (ProductLibrary library : libraries) {
      INDArray c = Nd4j.create(new long[] {2, 4}, 'f');
      library.multiply(a, b, c);
      assertEquals(product, c, library.name());
    }
  }

  @Test
  void librariesSayWhichTheyAreAndWhatTheyComputeWith() {
    List<ProductLibrary> libraries = ProductLibrary.atHand();
    assertTrue(
        libraries.get(0).name().matches("openblas-\\d+\\.\\d+\\.\\d+.*"), libraries.get(0).name());
    for (ProductLibrary library : libraries) {
      assertTrue(
          library.kernel().matches("\\w+") && !library.kernel().equals("unknown"),
          library.kernel());
    }
    assertTrue(ComputesWith.thisProcess().matches("\\S+_OpenBLAS_\\S+_threads?_\\S+"));
  }

  @Test
  void theLimitIsTheBestLibrarysAndNamed() throws Exception {
    List<ProductLibrary> libraries = ProductLibrary.atHand();
    GemmLimit limit = new GemmLimit(libraries, 64, MICRO_BATCH, List.of(2));
    limit.measure();
    Map<String, Double> all = limit.onOneCore();
    assertEquals(libraries.size(), all.size());
    GemmLimit.Best best = limit.onCores(1);
    assertEquals(all.get(best.library()), best.gigaflops());
    all.values().forEach(each -> assertTrue(each > 0 && each <= best.gigaflops(), all.toString()));
  }

  @Test
  void whatItOnceWasItStays() throws Exception {
    long[] nanos = {1_000_000};
    ProductLibrary slowing =
        new ProductLibrary() {
          @Override
          public String name() {
            return "slowing";
          }

          @Override
          public String kernel() {
            return "none";
          }

          @Override
          public void multiply(INDArray a, INDArray b, INDArray c) {
            new Spinning("", nanos[0]).multiply(a, b, c);
          }
        };
    GemmLimit limit = new GemmLimit(List.of(slowing), 64, MICRO_BATCH, List.of(1));
    limit.measure();
    GemmLimit.Best before = limit.onCores(1);
    nanos[0] = 100_000_000;
    limit.measureBest();
    assertEquals(before, limit.onCores(1));
  }

  @Test
  void theFasterOfTwoIsTheLimit() throws Exception {
    GemmLimit limit =
        new GemmLimit(
            List.of(new Spinning("slow", 50_000_000), new Spinning("fast", 100_000)),
            64,
            MICRO_BATCH,
            List.of(1));
    limit.measure();
    assertEquals("fast", limit.onCores(1).library());
    assertEquals("fast", limit.ofMicroBatch().library());
  }

  @Test
  void moreStagesThanCoresHaveTheCoresThereAre() throws Exception {
    GemmLimit limit =
        new GemmLimit(List.of(new Spinning("any", 1000)), 64, MICRO_BATCH, List.of(2, 10_000));
    limit.measure();
    int all = Runtime.getRuntime().availableProcessors();
    assertEquals(all, limit.cores().last());
    assertEquals(limit.onCores(all), limit.ofStages(10_000));
  }
}
