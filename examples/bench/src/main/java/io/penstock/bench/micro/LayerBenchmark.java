package io.penstock.bench.micro;

import io.penstock.launch.cluster.NativeRuntime;
import io.penstock.nn.Backward;
import io.penstock.nn.Forward;
import io.penstock.nn.Layer;
import io.penstock.nn.Parameters;
import io.penstock.nn.Pass;
import io.penstock.nn.Shape;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.layer.ActivationLayer;
import io.penstock.nn.layer.Dense;
import java.util.concurrent.TimeUnit;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A layer's three passes over a micro-batch; {@code gemm} is what a dense layer's take at best. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class LayerBenchmark {
  private static final int WIDTH = 1024;

  /** Rows of the micro-batch. */
  @Param({"64"})
  public int rows;

  /** Which layer. */
  @Param({"dense", "relu", "sigmoid", "tanh", "gelu"})
  public String layer;

  private Layer description;
  private Parameters weights;
  private Parameters gradients;
  private INDArray input;
  private INDArray outputGradient;
  private INDArray product;
  private INDArray square;
  private Pass pass;
  private Backward backward;

  /** Makes weights and arrays. */
  @Setup
  public void setUp() {
    NativeRuntime.ready(1);
    description =
        layer.equals("dense") ? Dense.of(WIDTH) : new ActivationLayer(Activation.named(layer));
    Shape shape = Shape.of(WIDTH);
    weights = Parameters.initial(description.parameters(shape), 42, 0);
    gradients = Parameters.zeros(description.parameters(shape));
    input = Nd4j.randn(rows, WIDTH).dup('f');
    outputGradient = Nd4j.randn(rows, WIDTH).dup('f');
    product = Nd4j.create(new long[] {rows, WIDTH}, 'f');
    square = Nd4j.randn(WIDTH, WIDTH).dup('f');
    pass = new Pass(true, 42, 0, 0, 0);
    backward = description.forward(input, weights, pass).backward();
  }

  /** The forward pass. */
  @Benchmark
  public Forward forward() {
    return description.forward(input, weights, pass);
  }

  /** The first half of the backward pass. */
  @Benchmark
  public INDArray inputGradient() {
    return backward.inputGradient(outputGradient);
  }

  /** The second half; without weights, nothing. */
  @Benchmark
  public Parameters weightGradient() {
    backward.weightGradient(outputGradient, gradients);
    return gradients;
  }

  /** The matrix product alone, into an array that is there. */
  @Benchmark
  public INDArray gemm() {
    return Nd4j.gemm(input, square, product, false, false, 1, 0);
  }
}
