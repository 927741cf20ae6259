package io.penstock.bench.micro;

import io.penstock.compute.Compute;
import io.penstock.compute.Workspace;
import io.penstock.launch.cluster.NativeRuntime;
import io.penstock.nn.Parameters;
import io.penstock.nn.Shape;
import io.penstock.nn.layer.Dense;
import io.penstock.nn.update.Updater;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One update of a dense layer of a million weights, and the clearing of its gradients. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class UpdaterBenchmark {
  private static final int WIDTH = 1024;

  /** Which updater. */
  @Param({"sgd", "nesterovs", "adam"})
  public String updater;

  private Parameters weights;
  private Parameters gradients;
  private Updater.State state;
  private Compute compute;
  private int step;

  /** Makes weights, gradients and what the updater remembers. */
  @Setup
  public void setUp() {
    NativeRuntime.ready(1);
    var specs = Dense.of(WIDTH).parameters(Shape.of(WIDTH));
    weights = Parameters.initial(specs, 42, 0);
    gradients = Parameters.zeros(specs);
    compute = new Workspace().compute(weights.flat().dataType());
    state = Updater.named(updater, 1e-4).newState(weights);
  }

  /** Ordinary numbers again: an update overwrites them, and on tiny ones arithmetic is slow. */
  @Setup(Level.Invocation)
  public void refill() {
    gradients.flat().assign(1e-3);
  }

  /** The update. */
  @Benchmark
  public Parameters update() {
    state.apply(weights, gradients, step++, 0, compute);
    return weights;
  }

  /** All gradients to zero. */
  @Benchmark
  public Parameters clear() {
    gradients.clear();
    return gradients;
  }
}
