package io.penstock.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What the machine can do: the best rate that any library at hand reached at a large matrix
 * product, on one core and on several at once, a product of its own on each. A yardstick must not
 * shrink with the work: so it is the best of several products behind one that warms up, measured
 * again between the configurations and at the end, and what it once was it stays.
 */
final class GemmLimit {
  /** A library's best. */
  record Best(String library, double gigaflops) {}

  private static final int REPEATS = 3;

  /** A measurement shorter than this says more of the clock than of the machine. */
  private static final long LEAST_NANOS = 100_000_000;

  private final List<ProductLibrary> libraries;
  private final long side;
  private final long[] microBatch;
  private final SortedSet<Integer> cores;
  private final LongSupplier nanos;

  /** By number of cores, then by library. */
  private final Map<Integer, Map<String, Double>> large = new TreeMap<>();

  private final Map<String, Double> small = new TreeMap<>();

  /**
   * Nothing is measured yet.
   *
   * @param libraries whose products are tried
   * @param side of the large matrices
   * @param microBatch {rows, inputs, outputs} of a micro-batch's product
   * @param stages numbers of stages, each of which has a core unless the machine has fewer; one
   *     core is always among them
   */
  GemmLimit(
      List<ProductLibrary> libraries, long side, long[] microBatch, Iterable<Integer> stages) {
    this(libraries, side, microBatch, stages, System::nanoTime);
  }

  /**
   * One that reads the time from elsewhere.
   *
   * @param nanos nanoseconds since some moment
   */
  GemmLimit(
      List<ProductLibrary> libraries,
      long side,
      long[] microBatch,
      Iterable<Integer> stages,
      LongSupplier nanos) {
    this.nanos = nanos;
    this.libraries = libraries;
    this.side = side;
    this.microBatch = microBatch.clone();
    this.cores = new TreeSet<>(List.of(1));
    stages.forEach(count -> cores.add(coresOf(count)));
  }

  private static int coresOf(int stages) {
    return Math.min(stages, Runtime.getRuntime().availableProcessors());
  }

  /** Measures every library; its process must use one thread for a product. */
  void measure() throws InterruptedException {
    for (ProductLibrary library : libraries) {
      measure(library, cores);
      measureMicroBatch(library);
    }
  }

  /** Measures again those that were the best so far: for between the configurations. */
  void measureBest() throws InterruptedException {
    for (int count : cores) {
      measure(named(onCores(count)), new TreeSet<>(List.of(count)));
    }
    measureMicroBatch(named(ofMicroBatch()));
  }

  private void measure(ProductLibrary library, SortedSet<Integer> on) throws InterruptedException {
    for (int count : on) {
      keep(
          large.computeIfAbsent(count, none -> new TreeMap<>()),
          library,
          gigaflops(library, count, side, side, side));
    }
  }

  private void measureMicroBatch(ProductLibrary library) throws InterruptedException {
    keep(small, library, gigaflops(library, 1, microBatch[0], microBatch[1], microBatch[2]));
  }

  private static void keep(Map<String, Double> rates, ProductLibrary library, double rate) {
    rates.merge(library.name(), rate, Math::max);
  }

  private ProductLibrary named(Best best) {
    return libraries.stream()
        .filter(library -> library.name().equals(best.library))
        .findFirst()
        .orElseThrow();
  }

  /** The numbers of cores that were measured, one of them 1. */
  SortedSet<Integer> cores() {
    return cores;
  }

  /** The limit of as many cores as there are stages, if the machine has them. */
  Best ofStages(int stages) {
    return onCores(coresOf(stages));
  }

  /** The limit of so many cores, one of {@link #cores}. */
  Best onCores(int count) {
    return best(large.get(count));
  }

  /** What every library reached on one core, by its name. */
  Map<String, Double> onOneCore() {
    return large.get(1);
  }

  /** The limit of one core at the shape of a micro-batch. */
  Best ofMicroBatch() {
    return best(small);
  }

  private static Best best(Map<String, Double> rates) {
    return rates.entrySet().stream()
        .max(Map.Entry.comparingByValue(Comparator.naturalOrder()))
        .map(entry -> new Best(entry.getKey(), entry.getValue()))
        .orElseThrow();
  }

  /** The micro-batch's shape as text: {@code 64x1024x1024}. */
  String shape() {
    return microBatch[0] + "x" + microBatch[1] + "x" + microBatch[2];
  }

  /** The best rate of so many threads together, each with matrices of its own. */
  private double gigaflops(
      ProductLibrary library, int threads, long rows, long inputs, long outputs)
      throws InterruptedException {
    List<Product> products = new ArrayList<>();
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      for (int thread = 0; thread < threads; thread++) {
        products.add(new Product(library, rows, inputs, outputs));
      }
      together(pool, products, 0);
      double best = 0;
      for (int i = 0; i < REPEATS; i++) {
        long start = nanos.getAsLong();
        long done = together(pool, products, LEAST_NANOS);
        long taken = nanos.getAsLong() - start;
        best = Math.max(best, 2.0 * rows * inputs * outputs * done / taken);
      }
      return best;
    } finally {
      pool.shutdownNow();
      products.forEach(Product::close);
    }
  }

  private long together(ExecutorService pool, List<Product> products, long leastNanos)
      throws InterruptedException {
    List<Callable<Long>> tasks = new ArrayList<>();
    products.forEach(product -> tasks.add(() -> product.run(leastNanos, nanos)));
    long done = 0;
    for (Future<Long> each : pool.invokeAll(tasks)) {
      try {
        done += each.get();
      } catch (ExecutionException failed) {
        throw new IllegalStateException("A matrix product failed", failed.getCause());
      }
    }
    return done;
  }

  private record Product(ProductLibrary library, INDArray a, INDArray b, INDArray c) {
    Product(ProductLibrary library, long rows, long inputs, long outputs) {
      this(library, filled(rows, inputs), filled(inputs, outputs), filled(rows, outputs));
    }

    private static INDArray filled(long rows, long columns) {
      return Nd4j.create(new long[] {rows, columns}, 'f').addi(0.5);
    }

    /** Multiplies until so much time has passed, once at least; returns how often. */
    long run(long leastNanos, LongSupplier nanos) {
      long start = nanos.getAsLong();
      long done = 0;
      do {
        library.multiply(a, b, c);
        done++;
      } while (nanos.getAsLong() - start < leastNanos);
      return done;
    }

    void close() {
      a.close();
      b.close();
      c.close();
    }
  }
}
