package io.penstock.bench.micro;

import io.penstock.launch.cluster.NativeRuntime;
import io.penstock.nn.Loss;
import io.penstock.nn.loss.Losses;
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

/** The loss of a micro-batch: its score and its gradient, as each step takes them. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class LossBenchmark {
  /** Rows of the micro-batch. */
  @Param({"64"})
  public int rows;

  /** Outputs of the network. */
  @Param({"10", "1024"})
  public int outputs;

  /** Which loss. */
  @Param({"softmaxCrossEntropy", "squaredError"})
  public String loss;

  private Loss description;
  private INDArray output;
  private INDArray labels;

  /** Makes outputs and labels. */
  @Setup
  public void setUp() {
    NativeRuntime.ready(1);
    boolean classes = loss.equals("softmaxCrossEntropy");
    description = classes ? Losses.softmaxCrossEntropy() : Losses.squaredError();
    output = Nd4j.randn(rows, outputs).dup('f');
    labels = classes ? Nd4j.zeros(rows, 1) : Nd4j.randn(rows, outputs).dup('f');
    for (int row = 0; classes && row < rows; row++) {
      labels.putScalar(row, 0, row % outputs);
    }
  }

  /** How far the outputs are from the labels. */
  @Benchmark
  public double score() {
    return description.score(output, labels);
  }

  /** Where the backward pass begins. */
  @Benchmark
  public INDArray gradient() {
    return description.gradient(output, labels, 1.0 / rows);
  }
}
