package io.penstock.schedule.generate;

import io.penstock.schedule.Lowering;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.ScheduleFile;
import io.penstock.schedule.ScheduleRequest;
import io.penstock.schedule.ScheduleText;
import io.penstock.schedule.Verifier;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Registry of the schedules, by name or by the name of a file that holds a user's own. Stateless;
 * any thread may call.
 */
public final class Schedules {
  private static final List<Generator> KNOWN =
      List.of(
          new GPipe(),
          new OneForwardOneBackward(),
          new EagerOneForwardOneBackward(),
          new Interleaved(),
          new LoopedBreadthFirst(),
          new ZeroBubbleH1(),
          new ZeroBubbleH2(),
          new ZeroBubbleV(),
          new VHalf(),
          new VMin(),
          new DualPipeV(),
          new ForwardOnly(),
          new Unpipelined());

  private Schedules() {}

  /** Returns the names that {@link #generate} knows. */
  public static List<String> ids() {
    return KNOWN.stream().map(Generator::id).toList();
  }

  /** Returns the names of the schedules for training: those with backwards. */
  public static List<String> trainingIds() {
    return KNOWN.stream().filter(Generator::hasBackwards).map(Generator::id).toList();
  }

  /**
   * Makes a schedule with its usual number of stages on a rank and its usual warm-up.
   *
   * @param id one of {@link #ids()}, in either case
   * @param ranks executors in the pipeline, at least 1
   * @param microBatches micro-batches of a mini-batch, at least 1
   * @throws IllegalArgumentException as {@link #generate(ScheduleRequest)}
   */
  public static Schedule generate(String id, int ranks, int microBatches) {
    return generate(ScheduleRequest.of(id, ranks, microBatches));
  }

  /**
   * Makes a schedule: compute actions, to which {@link Lowering} adds the movement, or all of it
   * where the movement is what makes the schedule. An id that ends with {@code .csv} is the name of
   * a file in the form of {@link ScheduleText}, read as it is: it may be wrong, as {@link Verifier}
   * will say.
   *
   * @throws IllegalArgumentException if the name is unknown, or the schedule does not exist for
   *     these numbers; the message says which would do. Or if the file cannot be read or is for
   *     other numbers of ranks, micro-batches or stages on a rank
   */
  public static Schedule generate(ScheduleRequest request) {
    if (ScheduleFile.isName(request.id())) {
      return ScheduleFile.read(request);
    }
    Generator generator = known(request.id());
    int virtualStages = request.virtualStages().orElse(generator.virtualStages().usual());
    if (!generator.virtualStages().has(virtualStages)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "schedule %s takes %s a rank, not %d; with that many there are: %s",
              generator.id(),
              generator.virtualStages(),
              virtualStages,
              names(other -> other.virtualStages().has(virtualStages))));
    }
    if (request.warmUp().isPresent() && !generator.hasWarmUp()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the warm-up of schedule %s is fixed; leave it out, or choose one of %s",
              generator.id(),
              names(Generator::hasWarmUp)));
    }
    return generator.generate(
        request.ranks(), virtualStages, request.microBatches(), request.warmUp());
  }

  private static Generator known(String id) {
    return KNOWN.stream()
        .filter(generator -> generator.id().equalsIgnoreCase(id))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    String.format(
                        Locale.ROOT,
                        "no schedule is called '%s'; choose one of %s, or a file of your own, such"
                            + " as mine.csv",
                        id,
                        names(generator -> true))));
  }

  private static String names(Predicate<Generator> wanted) {
    return KNOWN.stream().filter(wanted).map(Generator::id).collect(Collectors.joining(", "));
  }
}
