package io.penstock.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

@Timeout(120)
class GemmLimitTest {
  private static final long[] MICRO_BATCH = {8, 16, 32};

  private final AtomicLong now = new AtomicLong();

  /** Moves a clock on by what a product costs, and computes none. */
  private record Costly(String name, AtomicLong now, LongSupplier nanos) implements ProductLibrary {
    @Override
    public String kernel() {
      return "none";
    }

    @Override
    public void multiply(INDArray a, INDArray b, INDArray c) {
      now.addAndGet(nanos.getAsLong());
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

  private GemmLimit measured(List<Integer> stages, ProductLibrary... libraries) throws Exception {
    GemmLimit limit = new GemmLimit(List.of(libraries), 64, MICRO_BATCH, stages, now::get);
    limit.measure();
    return limit;
  }

  private Costly costly(String name, LongSupplier nanos) {
    return new Costly(name, now, nanos);
  }

  @Test
  void whatItOnceWasItStays() throws Exception {
    AtomicLong nanos = new AtomicLong(1_000_000);
    GemmLimit limit = measured(List.of(1), costly("slowing", nanos::get));
    GemmLimit.Best before = limit.onCores(1);
    nanos.set(100_000_000);
    limit.measureBest();
    assertEquals(before, limit.onCores(1));
    nanos.set(500_000);
    limit.measureBest();
    assertEquals(2 * before.gigaflops(), limit.onCores(1).gigaflops());
  }

  @Test
  void theFasterOfTwoIsTheLimit() throws Exception {
    GemmLimit limit =
        measured(List.of(1), costly("slow", () -> 50_000_000), costly("fast", () -> 100_000));
    assertEquals(new GemmLimit.Best("fast", 2.0 * 64 * 64 * 64 / 100_000), limit.onCores(1));
    assertEquals(new GemmLimit.Best("fast", 2.0 * 8 * 16 * 32 / 100_000), limit.ofMicroBatch());
    assertEquals(2.0 * 64 * 64 * 64 / 50_000_000, limit.onOneCore().get("slow"));
  }

  @Test
  void moreStagesThanCoresHaveTheCoresThereAre() throws Exception {
    GemmLimit limit = measured(List.of(2, 10_000), costly("any", () -> 100_000));
    int all = Runtime.getRuntime().availableProcessors();
    assertEquals(all, limit.cores().last());
    assertEquals(limit.onCores(all), limit.ofStages(10_000));
  }
}
