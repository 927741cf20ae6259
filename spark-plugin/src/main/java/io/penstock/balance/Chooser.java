package io.penstock.balance;

import io.penstock.Amount;
import io.penstock.Bytes;
import io.penstock.Internal;
import io.penstock.schedule.ScheduleRequest;
import io.penstock.schedule.generate.Schedules;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Chooses a plan by simulated time: schedule, number of micro-batches, stages a rank, warm-up, and
 * the cut for them. Every plan there is gets its own best cut and is simulated; of those that fit
 * in memory the quickest step wins (where ranks hold several stages, the cut may be a little short
 * of the best, for time's sake), of equals the one that needs less memory, of these the one that
 * {@link Schedules#ids()} names first. Where a search finds an order of its actions that is worth
 * it ({@link PlanSearch}), that is taken. A plan that cannot be among the best few even if no rank
 * ever waited is not simulated. A pure function of profile and request; any thread may call.
 */
@Internal
public final class Chooser {
  /** Schedules that are not for training, or have nothing of a pipeline. */
  private static final Set<String> NOT_CHOSEN = Set.of("forward", "unpipelined");

  private static final int MOST_MICRO_BATCHES = 64;
  private static final List<Integer> VIRTUAL_STAGES = List.of(1, 2, 3, 4, 6, 8);

  /** Candidates in a choice: the best one and the next ones. */
  private static final int RANKED = 5;

  /** Up to here, every number of ranks is looked at. */
  static final int EACH = 8;

  /**
   * The share by which more ranks have to make a step quicker to be taken. On one rank a step takes
   * what is simulated; on two of one busy machine it took up to half as long again
   * (docs/benchmarks.md, The simulator against the clock).
   */
  static final double WORTH = 0.2;

  /** Times nearer to each other than this, relatively, differ by rounding only. */
  private static final double EQUAL = 1e-9;

  private final Profile profile;
  private final ChoiceRequest request;

  /** Plans for each order of executors that is looked at; for any, where all compute alike. */
  private final List<Plans> orders;

  private Chooser(Profile profile, ChoiceRequest request) {
    this.profile = profile;
    this.request = request;
    this.orders =
        new Rack(profile)
            .orders(request.ranks()).stream()
                .map(order -> new Plans(profile, order, request.batchSize(), request.saving()))
                .toList();
  }

  /**
   * Chooses.
   *
   * @throws IllegalArgumentException if there are more ranks than layers, no schedule exists for
   *     what the request fixes, or no plan fits in memory; the message says what would do
   */
  public static Choice choose(Profile profile, ChoiceRequest request) {
    Choice choice = unsearched(profile, request);
    return request.saving().weightGradientsLast()
        ? choice // a search would put them elsewhere
        : PlanSearch.improve(choice, profile, request.batchSize());
  }

  /** Chooses among the schedules as they are generated, without a search for a better order. */
  static Choice unsearched(Profile profile, ChoiceRequest request) {
    Partitioner.checkStages(profile.oneRow().count(), request.ranks());
    return new Chooser(profile, request).choose();
  }

  /**
   * Chooses the number of ranks as well: of 1 up to those of the request, as many as are worth it;
   * from {@link #EACH} on, of its doubles and the most there are.
   *
   * <p>More of them have to make the step quicker by {@link #WORTH}, for no simulation knows all
   * that ranks wait for.
   *
   * @throws IllegalArgumentException if there is no plan for any number of ranks, or none that fits
   *     in memory; the message is that for the most ranks
   */
  public static Choice chooseRanks(Profile profile, ChoiceRequest request) {
    int most = Math.min(request.ranks(), profile.oneRow().count());
    List<Choice> choices = new ArrayList<>();
    for (int ranks = 1; ranks < most; ranks += ranks < EACH ? 1 : ranks) {
      of(profile, request.withRanks(ranks)).ifPresent(choices::add);
    }
    if (choices.isEmpty()) {
      choices.add(choose(profile, request.withRanks(most)));
    } else {
      of(profile, request.withRanks(most)).ifPresent(choices::add);
    }
    Choice best = choices.get(0);
    for (Choice other : choices) {
      if (other.predictedSeconds() < (1 - WORTH) * best.predictedSeconds()) {
        best = other;
      }
    }
    return best.among(choices);
  }

  private static Optional<Choice> of(Profile profile, ChoiceRequest request) {
    try {
      return Optional.of(choose(profile, request));
    } catch (IllegalArgumentException none) {
      return Optional.empty(); // No schedule for what is fixed, or none that fits.
    }
  }

  private Choice choose() {
    List<ScheduleRequest> requests = new ArrayList<>(requests());
    if (requests.isEmpty()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "no schedule exists for %s, with %s; leave open what is fixed there",
              request,
              new Amount(profile.oneRow().count(), "layer")));
    }
    requests.sort(
        Comparator.comparingDouble(one -> anyOrder().bound(one.ranks(), one.microBatches())));
    List<Candidate> fitting = new ArrayList<>();
    List<Candidate> tooLarge = new ArrayList<>();
    int considered = 0;
    for (ScheduleRequest one : requests) {
      Optional<Candidate> candidate = candidate(one, slowestRanked(fitting));
      considered++;
      candidate.ifPresent(
          plan -> (plan.bytes() <= profile.memoryLimit() ? fitting : tooLarge).add(plan));
    }
    tooLarge.sort(Comparator.comparingLong(Candidate::bytes));
    if (fitting.isEmpty()) {
      throw new IllegalArgumentException(nothingFits(tooLarge));
    }
    Candidate best = best(fitting);
    fitting.remove(best);
    fitting.sort(this::order);
    return new Choice(
        best,
        fitting.stream().limit(RANKED - 1).toList(),
        tooLarge,
        considered,
        profile.memoryLimit(),
        List.of());
  }

  /** Returns the plan in the order of executors that does best, where there are several. */
  private Optional<Candidate> candidate(ScheduleRequest one, double enough) {
    return orders.stream()
        .flatMap(plans -> plans.candidate(one, enough).stream())
        .min(
            Comparator.comparing((Candidate plan) -> plan.bytes() > profile.memoryLimit())
                .thenComparing(this::order));
  }

  /** Plans, for what does not depend on the order of executors. */
  private Plans anyOrder() {
    return orders.get(0);
  }

  private String nothingFits(List<Candidate> tooLarge) {
    if (tooLarge.isEmpty()) {
      return String.format(
          Locale.ROOT, "no schedule exists for %s; leave open what is fixed there", request);
    }
    Candidate least = tooLarge.get(0);
    return String.format(
        Locale.ROOT,
        "no plan for %s fits in the %s that a rank can hold; the least hungry needs"
            + " %s: %s. Give executors more memory, or use more of them, or smaller"
            + " mini-batches%s",
        new Amount(request.ranks(), "rank"),
        new Bytes(profile.memoryLimit()).down(),
        new Bytes(least.bytes()).up(),
        least,
        request.saving().recomputation() == RecomputePolicy.AUTO
            ? ""
            : ", or set recompute to auto");
  }

  /** Returns the time that a plan must not exceed to be among the best few. */
  private static double slowestRanked(List<Candidate> fitting) {
    return fitting.stream()
        .mapToDouble(Candidate::seconds)
        .sorted()
        .skip(RANKED - 1)
        .findFirst()
        .orElse(Double.POSITIVE_INFINITY);
  }

  private Candidate best(List<Candidate> fitting) {
    double least = fitting.stream().mapToDouble(Candidate::seconds).min().orElseThrow();
    return fitting.stream()
        .filter(candidate -> candidate.seconds() <= least * (1 + EQUAL))
        .min(
            Comparator.comparingLong(Candidate::bytes)
                .thenComparingInt(Chooser::place)
                .thenComparing(this::order))
        .orElseThrow();
  }

  private int order(Candidate one, Candidate other) {
    return Comparator.comparingDouble(Candidate::seconds)
        .thenComparingLong(Candidate::bytes)
        .thenComparingInt(Chooser::place)
        .thenComparingInt(candidate -> candidate.request().microBatches())
        .compare(one, other);
  }

  private static int place(Candidate candidate) {
    return Schedules.ids().indexOf(candidate.request().id());
  }

  /** Returns all plans that could be run, by the numbers; a schedule may still refuse some. */
  private List<ScheduleRequest> requests() {
    List<ScheduleRequest> requests = new ArrayList<>();
    for (String id : Schedules.ids()) {
      if (!NOT_CHOSEN.contains(id)) {
        for (ScheduleRequest shape : shapes(id)) {
          for (int count : microBatches()) {
            requests.add(
                new ScheduleRequest(
                    id, shape.ranks(), count, shape.virtualStages(), shape.warmUp()));
          }
        }
      }
    }
    return requests;
  }

  private Set<Integer> microBatches() {
    Set<Integer> counts = new TreeSet<>();
    if (request.microBatches().isPresent()) {
      counts.add(request.microBatches().getAsInt());
      return counts;
    }
    int most = Math.min(request.batchSize() / request.leastRows(), MOST_MICRO_BATCHES);
    for (int count = 1; count <= most; count *= 2) {
      counts.add(count);
    }
    for (int times : List.of(1, 2, 4)) {
      if (times * request.ranks() <= most) {
        counts.add(times * request.ranks());
      }
    }
    return counts;
  }

  /** Returns requests with the stages a rank and the warm-ups that a schedule can have at all. */
  private List<ScheduleRequest> shapes(String id) {
    int ranks = request.ranks();
    // With 2p micro-batches every schedule exists that exists for so many stages.
    ScheduleRequest usual = ScheduleRequest.of(id, ranks, 2 * ranks);
    List<ScheduleRequest> shapes = new ArrayList<>();
    if (request.virtualStages().isPresent()) {
      shapes.add(usual.withVirtualStages(request.virtualStages().getAsInt()));
    } else {
      shapes.add(usual);
      Optional<Integer> own = anyOrder().stages(usual).map(stages -> stages / ranks);
      VIRTUAL_STAGES.stream()
          .filter(stages -> !own.equals(Optional.of(stages)))
          .map(usual::withVirtualStages)
          .forEach(shapes::add);
    }
    shapes.removeIf(
        shape ->
            anyOrder()
                .stages(shape)
                .filter(stages -> stages <= profile.oneRow().count())
                .isEmpty());
    if (request.warmUp().isPresent()) {
      shapes.replaceAll(shape -> shape.withWarmUp(request.warmUp().getAsInt()));
      shapes.removeIf(shape -> anyOrder().stages(shape).isEmpty());
    } else {
      // The usual warm-up is the longest, 2(p - 1).
      List<ScheduleRequest> shorter =
          shapes.stream()
              .filter(shape -> anyOrder().stages(shape.withWarmUp(ranks - 1)).isPresent())
              .flatMap(
                  shape -> IntStream.range(ranks - 1, 2 * (ranks - 1)).mapToObj(shape::withWarmUp))
              .toList();
      shapes.addAll(shorter);
    }
    return shapes;
  }
}
