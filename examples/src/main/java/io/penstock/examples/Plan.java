package io.penstock.examples;

import io.penstock.balance.CutSchedule;
import io.penstock.balance.RecomputePolicy;
import io.penstock.schedule.LinkCost;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.ScheduleFile;
import io.penstock.schedule.ScheduleRequest;
import io.penstock.schedule.ScheduleText;
import io.penstock.schedule.Simulation;
import io.penstock.schedule.Simulator;
import io.penstock.schedule.Verifier;
import io.penstock.schedule.draw.ChromeTrace;
import io.penstock.schedule.draw.HtmlTimeline;
import io.penstock.schedule.draw.SimulationJson;
import io.penstock.schedule.draw.SvgTimeline;
import io.penstock.schedule.draw.TextTimeline;
import io.penstock.schedule.draw.Timeline;
import io.penstock.schedule.generate.Schedules;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Shows a schedule before anything is launched: verified, played in time and drawn. Needs no Spark.
 *
 * <p>{@code examples/run plan --schedule zb-h1 --stages 4 --micro-batches 8 --format html --out
 * plan.html}. {@code --stages} counts executors, {@code --virtual} the stages on each. Times and
 * activations are those of an executor on one micro-batch, all its stages together, so that
 * schedules compare: a stage takes its share of them. Without other words there are 4 executors and
 * 8 micro-batches, or as many as a schedule's file has.
 */
public final class Plan {
  private static final int STAGES = 4;
  private static final int MICRO_BATCHES = 8;
  private static final int LAYERS = 16;

  private static final Example EXAMPLE =
      new Example(
          "plan",
          "Shows a schedule before anything is launched: verified, played in time and drawn",
          List.of(
              Option.schedules("1f1b", "a schedule's name, or the file of one: mine.csv"),
              Option.atLeast(1, "stages", "executors; left out " + STAGES + ", or the file's"),
              Option.atLeast(
                  1, "micro-batches", "left out " + MICRO_BATCHES + ", or as many as the file has"),
              Option.atLeast(1, "virtual", "stages of an executor; left out the schedule's own"),
              Option.atLeast(0, "warm-up", "forwards before the first backward, by schedule"),
              Option.number("forward-time", 1, "of an executor, for one micro-batch"),
              Option.number("input-time", 1, "of the half of a backward that goes on"),
              Option.number("weight-time", 1, "of the half of a backward that stays"),
              Option.number("latency", 0, "time of a frame besides its bytes"),
              Option.number("busy", 0, "in which a frame keeps either executor from computing"),
              Option.number("bandwidth", Double.POSITIVE_INFINITY, "bytes in a unit of time"),
              Option.number("activation-bytes", 1, "held by an executor for one micro-batch"),
              Option.number("input-bytes", 0, "of these, its stages' inputs, which are kept"),
              Option.oneOf(
                  "recompute", RecomputePolicy.ids(), "layers whose forward is done twice"),
              Option.atLeast(1, "layers", "of an executor, for sqrt and auto; left out " + LAYERS),
              Option.number(
                  "memory",
                  Double.POSITIVE_INFINITY,
                  "bytes of activations that an executor may keep, for auto"),
              Option.oneOf(
                  "offload", List.of("false", "true"), "what is kept for a second forward to disk"),
              Option.number("disk-bandwidth", Double.POSITIVE_INFINITY, "bytes in a unit of time"),
              Option.number("frame-bytes", 1, "that go to the next stage"),
              Option.oneOf("format", List.of("grid", "csv", "json", "svg", "html", "trace"), "as"),
              Option.count("columns", 100, "width of a grid"),
              Option.text("out", "", "a file to write to; left out, it is printed")));

  private Plan() {}

  /** Prints or writes the plan; see the class. What is wrong ends it with exit status 2. */
  public static void main(String[] arguments) throws Exception {
    EXAMPLE.main(arguments, Plan::show);
  }

  static void show(Options options) {
    String plan = render(options);
    String out = options.text("out");
    try {
      if (out.isEmpty()) {
        new PrintStream(System.out, true, StandardCharsets.UTF_8).print(plan);
      } else {
        Files.writeString(Path.of(out), plan);
      }
    } catch (IOException unwritable) {
      throw new IllegalArgumentException(
          "cannot write --out '" + out + "': " + why(Path.of(out), unwritable), unwritable);
    }
  }

  /** The kinds that say no more than the file's name. */
  private static String why(Path out, IOException unwritable) {
    if (unwritable instanceof NoSuchFileException) {
      return "there is no folder '" + out.toAbsolutePath().getParent() + "'; make it first";
    }
    if (Files.isDirectory(out)) {
      return "it is a folder; name a file in it";
    }
    return unwritable instanceof AccessDeniedException
        ? "that is not allowed"
        : unwritable.getMessage();
  }

  static Options options(String... arguments) {
    return EXAMPLE.parse(arguments);
  }

  /**
   * What the options ask for, as text.
   *
   * @throws IllegalArgumentException for a wrong option, and for a schedule that cannot be run
   */
  static String render(Options options) {
    Schedule stages = Schedules.generate(request(options));
    Verifier.verify(stages);
    EqualLayers layers = layers(options, stages);
    RecomputePolicy recompute = RecomputePolicy.named(options.text("recompute"));
    CutSchedule divided =
        layers.divided(recompute, options.number("memory"), options.text("offload").equals("true"));
    Schedule schedule = divided.schedule();
    Verifier.verify(schedule);
    Simulation simulation = Simulator.simulate(schedule, layers.costs(divided.cut()));
    Timeline timeline = Timeline.of(simulation);
    return switch (options.text("format")) {
      case "grid" ->
          grid(timeline, simulation, options.count("columns")) + layers.recomputed(divided);
      case "csv" -> ScheduleText.format(computeOnly(schedule));
      case "json" -> SimulationJson.json(simulation);
      case "svg" -> SvgTimeline.svg(timeline);
      case "html" -> HtmlTimeline.html(timeline);
      case "trace" -> ChromeTrace.json(timeline);
      default ->
          throw new IllegalArgumentException(
              "--format is '"
                  + options.text("format")
                  + "': choose one of grid, csv, json, svg, html, trace");
    };
  }

  /** A file says itself how many stages and micro-batches it is for; else there is a default. */
  private static ScheduleRequest request(Options options) {
    String id = options.text("schedule");
    OptionalInt stages = options.optional("stages", 1);
    OptionalInt microBatches = options.optional("micro-batches", 1);
    int usualStages = STAGES;
    int usualMicroBatches = MICRO_BATCHES;
    if (ScheduleFile.isName(id)) {
      Schedule written = ScheduleFile.read(id);
      usualStages = written.ranks().size();
      usualMicroBatches = written.microBatches();
    }
    return new ScheduleRequest(
        id,
        stages.orElse(usualStages),
        microBatches.orElse(usualMicroBatches),
        options.optional("virtual", 1),
        options.optional("warm-up", 0));
  }

  private static EqualLayers layers(Options options, Schedule stages) {
    return new EqualLayers(
        stages,
        options.optional("layers", 1).orElse(LAYERS),
        new EqualLayers.OfExecutor(
            options.number("forward-time"),
            options.number("input-time"),
            options.number("weight-time"),
            options.number("activation-bytes"),
            options.number("input-bytes")),
        options.number("frame-bytes"),
        new LinkCost(
            options.number("latency"), options.number("bandwidth"), options.number("busy")),
        options.number("disk-bandwidth"));
  }

  private static String grid(Timeline timeline, Simulation simulation, int columns) {
    return String.format(
        Locale.ROOT,
        "%s%s%nmakespan %s, bubble %s; by rank: %s%npeak activations by rank: %s; bytes: %s%n",
        TextTimeline.text(timeline, columns),
        TextTimeline.legend(timeline),
        timeline.text(simulation.makespan()),
        percent(simulation.bubble()),
        joined(simulation.bubblePerRank().stream().map(Plan::percent).toList()),
        joined(simulation.peakActivations()),
        joined(simulation.peakBytes().stream().map(timeline::text).toList()));
  }

  private static Schedule computeOnly(Schedule schedule) {
    return new Schedule(
        schedule.name(),
        schedule.stages(),
        schedule.microBatches(),
        schedule.ranks().stream()
            .map(rank -> rank.stream().filter(action -> action.kind().isCompute()).toList())
            .toList(),
        schedule.overlapped());
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  /** The values in order, or the one that all of them are. */
  private static String joined(List<?> values) {
    return Set.copyOf(values).size() == 1
        ? values.get(0) + " each"
        : values.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }
}
