package io.penstock.bench.micro;

import io.penstock.launch.NativeRuntime;
import io.penstock.link.Link;
import io.penstock.link.LinkConfig;
import io.penstock.link.Links;
import io.penstock.link.Tag;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Frames between two ranks over loopback. Half of {@code thereAndBack} is a frame's way; {@code
 * oneWay} keeps some frames on the way, as a pipeline does, and gives the time of one.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class LinkBenchmark {
  private static final int IN_FLIGHT = 8;

  /** Bytes of a frame. */
  @Param({"65536", "262144", "4194304"})
  public int bytes;

  private final List<Link> links = new ArrayList<>();
  private INDArray frame;
  private long step;

  /** Connects two ranks of this JVM over the network. */
  @Setup
  public void setUp() {
    NativeRuntime.ready(1);
    for (int rank = 0; rank < 2; rank++) {
      links.add(Links.open(LinkConfig.on("127.0.0.1").overNetwork()));
    }
    List<String> addresses = links.stream().map(Link::address).toList();
    for (int rank = 0; rank < 2; rank++) {
      links.get(rank).connect(rank, addresses);
    }
    frame = Nd4j.rand(1, bytes / Float.BYTES);
  }

  /** Closes both links. */
  @TearDown
  public void tearDown() {
    links.forEach(Link::close);
    links.clear();
  }

  /** One frame to the peer, and one back once it is there. */
  @Benchmark
  public INDArray thereAndBack() throws InterruptedException {
    step++;
    links.get(0).send(1, new Tag('F', 1, step, 0), frame);
    links.get(1).receive(new Tag('F', 1, step, 0), () -> false);
    links.get(1).send(0, new Tag('B', 0, step, 0), frame);
    return links.get(0).receive(new Tag('B', 0, step, 0), () -> false).array();
  }

  /** Frames one after the other, without waiting for each. */
  @Benchmark
  @OperationsPerInvocation(IN_FLIGHT)
  public INDArray oneWay() throws InterruptedException {
    step++;
    INDArray last = null;
    for (int i = 0; i < IN_FLIGHT; i++) {
      links.get(0).send(1, new Tag('F', 1, step, i), frame);
    }
    for (int i = 0; i < IN_FLIGHT; i++) {
      last = links.get(1).receive(new Tag('F', 1, step, i), () -> false).array();
    }
    return last;
  }
}
