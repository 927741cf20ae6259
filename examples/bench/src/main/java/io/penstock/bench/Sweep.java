package io.penstock.bench;

import io.penstock.Amount;
import io.penstock.examples.Example;
import io.penstock.examples.Option;
import io.penstock.examples.Options;
import io.penstock.examples.Result;
import io.penstock.launch.cluster.NativeRuntime;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.train.LayerTime;
import io.penstock.train.LayerTimer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * A dense layer's three passes at every shape of a grid, each against the best that OpenBLAS makes
 * of a product of that shape: no shape may fall off a cliff. A layer's time is all that a pass
 * takes, bias and call with it, the median of several steps of one micro-batch each, so that what
 * is done once a step, packing the weights for instance, is all in it; OpenBLAS's is the product's
 * alone, the best of several.
 *
 * <p>{@code examples/run sweep [--rows 1,3,...] [--widths 1,3,...] [--least-us 10]}
 */
public final class Sweep {
  private static final String SIZES = "1,3,7,17,33,64,256,1024,4096";
  private static final Example EXAMPLE =
      new Example(
          "sweep",
          "A dense layer at every shape of a grid, against OpenBLAS's best at that shape",
          List.of(
              Option.counts("rows", SIZES, "of a micro-batch"),
              Option.counts("widths", SIZES, "inputs and outputs"),
              Option.number("least-us", 10, "of OpenBLAS; what is shorter is all call")));

  /** A pass may take so many times as long as OpenBLAS at its best. */
  private static final double MOST_TIMES = 3;

  private static final double LARGE_SECONDS = 1e-3;
  private static final int WORST = 12;
  private static final int TRIES = 3;

  /** What a dense layer does: the pass's product, and the layer's time for it. */
  private enum Part {
    FORWARD,
    INPUT_GRADIENT,
    WEIGHT_GRADIENT;

    double seconds(LayerTime time) {
      return switch (this) {
        case FORWARD -> time.forward();
        case INPUT_GRADIENT -> time.input();
        case WEIGHT_GRADIENT -> time.weight();
      };
    }

    double seconds(BestProduct best, long rows, long inputs, long outputs) {
      return switch (this) {
        case FORWARD -> best.seconds(rows, inputs, outputs);
        case INPUT_GRADIENT -> best.seconds(rows, outputs, inputs);
        case WEIGHT_GRADIENT -> best.seconds(inputs, rows, outputs);
      };
    }
  }

  private enum Group {
    ALL_CALL,
    SMALL,
    LARGE
  }

  private record Point(
      Part part, long rows, long inputs, long outputs, double seconds, double best) {
    double ratio() {
      return best / seconds;
    }

    boolean isTooSlow() {
      return seconds > MOST_TIMES * best;
    }

    String shape() {
      return rows + "x" + inputs + "x" + outputs;
    }

    double gigaflops(double time) {
      return 2.0 * rows * inputs * outputs / time / 1e9;
    }
  }

  private final double least;
  private final BestProduct best = new BestProduct(new OpenBlas());
  private final List<Point> points = new ArrayList<>();

  private Sweep(double least) {
    this.least = least;
  }

  /** Measures and prints; see the class. A wrong option ends it with exit status 2. */
  public static void main(String[] arguments) throws Exception {
    EXAMPLE.main(arguments, options -> lines(options).forEach(Result::print));
  }

  /** Measures what the command line asks for. */
  static List<Result> lines(String... arguments) {
    return lines(EXAMPLE.parse(arguments));
  }

  private static List<Result> lines(Options options) {
    NativeRuntime.ready(1);
    Sweep sweep = new Sweep(options.number("least-us") / 1e6);
    int[] widths = options.counts("widths");
    sweep.warmUp();
    for (int rows : options.counts("rows")) {
      for (int inputs : widths) {
        // Told before: a kernel that ends the process says nothing of its shape.
        System.err.printf(
            Locale.ROOT, "%s of %s%n", new Amount(rows, "row"), new Amount(inputs, "input"));
        for (int outputs : widths) {
          sweep.measure(rows, inputs, outputs);
        }
      }
    }
    return sweep.lines();
  }

  /** Everything that a pass calls is compiled before anything counts. */
  private void warmUp() {
    long end = System.nanoTime() + 3_000_000_000L;
    while (System.nanoTime() < end) {
      for (int width : new int[] {8, 17, 64}) {
        time(16, width, width);
      }
    }
  }

  private static LayerTime time(int rows, int inputs, int outputs) {
    // Between others: the first layer has no input gradient, the last one has the loss.
    Sequential network =
        Sequential.input(inputs)
            .flatten()
            .dense(outputs)
            .activation(Activation.RELU)
            .loss(Losses.squaredError())
            .build();
    return LayerTimer.timeWithPacking(network, 1, rows, Updater.sgd(0.1));
  }

  /** What is too slow is measured again, for it may have been the machine that was busy. */
  private void measure(int rows, int inputs, int outputs) {
    List<Point> found = once(rows, inputs, outputs);
    for (int again = 1; again < TRIES && found.stream().anyMatch(this::counts); again++) {
      List<Point> before = found;
      List<Point> after = once(rows, inputs, outputs);
      found =
          IntStream.range(0, before.size())
              .mapToObj(i -> faster(before.get(i), after.get(i)))
              .toList();
    }
    points.addAll(found);
  }

  private static Point faster(Point a, Point b) {
    return a.seconds <= b.seconds ? a : b;
  }

  private boolean counts(Point point) {
    return point.isTooSlow() && group(point) != Group.ALL_CALL;
  }

  private List<Point> once(int rows, int inputs, int outputs) {
    LayerTime time = time(rows, inputs, outputs);
    return Arrays.stream(Part.values())
        .map(
            part ->
                new Point(
                    part,
                    rows,
                    inputs,
                    outputs,
                    part.seconds(time),
                    part.seconds(best, rows, inputs, outputs)))
        .toList();
  }

  private Group group(Point point) {
    if (point.best < least) {
      return Group.ALL_CALL;
    }
    return point.best < LARGE_SECONDS ? Group.SMALL : Group.LARGE;
  }

  private List<Result> lines() {
    String computesWith = ComputesWith.thisProcess();
    List<Result> lines = new ArrayList<>();
    for (Part part : Part.values()) {
      for (Group group : Group.values()) {
        List<Point> some =
            points.stream().filter(p -> p.part == part && group(p) == group).toList();
        if (!some.isEmpty()) {
          lines.add(line(part, group, some).with("computes_with", computesWith));
        }
      }
    }
    List<Point> counted = points.stream().filter(p -> group(p) != Group.ALL_CALL).toList();
    counted.stream()
        .sorted(Comparator.comparingDouble(Point::ratio))
        .limit(WORST)
        .map(point -> shown(new Result().with("worst", name(point.part)), point))
        .forEach(lines::add);
    long calls = points.stream().filter(p -> !counted.contains(p)).filter(Point::isTooSlow).count();
    long tooSlow = counted.stream().filter(this::counts).count();
    lines.add(
        new Result()
            .with("aim", "no_shape_below_a_third_of_openblas")
            .with("shapes", points.size())
            .with("below_a_third", tooSlow + calls)
            .with("of_them_all_call", calls)
            .with("met", tooSlow + calls == 0 ? "yes" : "no")
            .with("computes_with", computesWith));
    return lines;
  }

  private static Result line(Part part, Group group, List<Point> some) {
    Point worst = some.stream().min(Comparator.comparingDouble(Point::ratio)).orElseThrow();
    Result line =
        new Result()
            .with("sweep", name(part))
            .with("size", name(group))
            .with("shapes", some.size())
            .with("below_a_third", some.stream().filter(Point::isTooSlow).count())
            .with("median_ratio", Median.of(some, Point::ratio));
    return shown(line, worst);
  }

  private static Result shown(Result line, Point point) {
    return line.with("worst_ratio", point.ratio())
        .with("shape", point.shape())
        .with("us", 1e6 * point.seconds)
        .with("gflops", point.gigaflops(point.seconds))
        .with("openblas_gflops", point.gigaflops(point.best));
  }

  private static String name(Enum<?> any) {
    return any.name().toLowerCase(Locale.ROOT);
  }
}
