package io.penstock.balance;

import io.penstock.Amount;
import io.penstock.Internal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * Chooses how many replicas of how many stages to make of the executors at hand, each with its own
 * best plan for its share of a mini-batch, by simulated time with the exchange of gradients. A pure
 * function of its arguments; any thread may call.
 */
@Internal
public final class ReplicaChooser {
  private final Profile profile;
  private final Rack rack;
  private final ChoiceRequest request;
  private final List<Double> gradientBytes;

  private ReplicaChooser(Profile profile, ChoiceRequest request, List<Double> gradientBytes) {
    this.profile = profile;
    this.rack = new Rack(profile);
    this.request = request;
    this.gradientBytes = gradientBytes;
  }

  /**
   * Chooses.
   *
   * @param request for the executors at hand and the whole mini-batch, with all its micro-batches
   *     where they are fixed
   * @param gradientBytes by layer, what replicas exchange
   * @param stages executors of a replica; empty to choose them
   * @param fixed how many replicas there are; empty to choose them
   * @param groups gradient groups, of which each replica has one where there are several; empty to
   *     choose them
   * @throws IllegalArgumentException if there is no plan for any number of either; the message is
   *     that for one replica
   */
  public static ReplicaChoice choose(
      Profile profile,
      ChoiceRequest request,
      List<Double> gradientBytes,
      OptionalInt stages,
      OptionalInt fixed,
      OptionalInt groups) {
    ReplicaChooser chooser = new ReplicaChooser(profile, request, gradientBytes);
    List<ReplicaOption> options = new ArrayList<>();
    int layers = profile.oneRow().count();
    int most = stages.orElse(Math.min(request.ranks(), layers));
    for (int ranks = stages.orElse(1); ranks <= most; ranks = next(ranks, most)) {
      for (int replicas : counts(request.ranks() / ranks, fixed, groups)) {
        chooser.option(replicas, ranks).ifPresent(options::add);
      }
    }
    if (options.isEmpty()) {
      fixed.ifPresent(replicas -> refuse(replicas, request));
      options.add(chooser.only(most));
    }
    options.sort(
        Comparator.comparingInt(ReplicaOption::executors)
            .thenComparingDouble(option -> option.prediction().seconds()));
    ReplicaOption best = options.get(0);
    for (ReplicaOption other : options) {
      boolean more = other.executors() > best.executors();
      double worth = more ? 1 - Chooser.WORTH : 1;
      if (other.prediction().seconds() < worth * best.prediction().seconds()) {
        best = other;
      }
    }
    ReplicaOption searched = chooser.searched(best);
    options.set(options.indexOf(best), searched);
    return new ReplicaChoice(searched, options);
  }

  /**
   * Returns the plan of a fixed number of replicas on a fixed number of executors each.
   *
   * @param request for the executors of one replica and the whole mini-batch
   * @throws IllegalArgumentException if there is no plan, or none that fits in memory
   */
  public static ReplicaOption ofShare(
      Profile profile, ChoiceRequest request, List<Double> gradientBytes, int replicas) {
    ReplicaChooser chooser = new ReplicaChooser(profile, request, gradientBytes);
    ChoiceRequest share = request.share(replicas);
    return chooser.of(
        replicas, Chooser.choose(chooser.rack.alike(replicas), share), share.batchSize());
  }

  private static void refuse(int replicas, ChoiceRequest request) {
    throw new IllegalArgumentException(
        String.format(
            Locale.ROOT,
            "%s (numReplicas) of any number of stages: there is no plan for them that fits"
                + " on the %s at hand. Take fewer replicas, or more executors",
            new Amount(replicas, "replica"),
            new Amount(request.ranks(), "executor")));
  }

  private static int next(int ranks, int most) {
    int next = ranks + (ranks < Chooser.EACH ? 1 : ranks);
    return ranks < most && next > most ? most : next;
  }

  /** One, doubles of it, and as many as there are executors for. */
  private static Set<Integer> counts(int most, OptionalInt fixed, OptionalInt groups) {
    if (fixed.isPresent()) {
      return fixed.getAsInt() <= most ? Set.of(fixed.getAsInt()) : Set.of();
    }
    Set<Integer> counts = new TreeSet<>();
    for (int count = 1; count <= most; count *= 2) {
      counts.add(count);
    }
    if (most >= 1) {
      counts.add(most);
    }
    groups.ifPresent(
        wanted -> {
          if (wanted <= most) {
            counts.add(wanted);
          }
          counts.removeIf(count -> count > 1 && count != wanted);
        });
    return counts;
  }

  private ReplicaOption only(int ranks) {
    Choice choice = Chooser.unsearched(profile, request.withRanks(ranks));
    return new ReplicaOption(1, choice, choice.best().prediction(), choice.best().executors());
  }

  private Optional<ReplicaOption> option(int replicas, int ranks) {
    try {
      if (replicas == 1) {
        return Optional.of(only(ranks));
      }
      boolean tooFewRows = (long) replicas * request.leastRows() > request.batchSize();
      if (tooFewRows || request.microBatches().orElse(replicas) % replicas != 0) {
        return Optional.empty();
      }
      ChoiceRequest share = request.share(replicas).withRanks(ranks);
      ReplicaOption option =
          of(replicas, Chooser.unsearched(rack.alike(replicas), share), share.batchSize());
      return Optional.of(option).filter(it -> it.prediction().bytes() <= profile.memoryLimit());
    } catch (IllegalArgumentException none) {
      return Optional.empty(); // No schedule for what is fixed, or none that fits.
    }
  }

  private ReplicaOption of(int replicas, Choice choice, int rows) {
    Candidate best = choice.best();
    if (replicas == 1) {
      return new ReplicaOption(1, choice, best.prediction(), best.executors());
    }
    Profile ranks = rack.alike(replicas).on(best.executors());
    LayerCosts layers = ranks.costs(rows, best.request().microBatches());
    return new ReplicaOption(
        replicas,
        choice,
        Prediction.of(ranks, layers, best.schedule(), best.cut(), replicas, gradientBytes),
        rack.order(best, replicas));
  }

  /** Returns an option with the actions of its plan in a better order, if one is worth it. */
  private ReplicaOption searched(ReplicaOption option) {
    int rows = request.share(option.replicas()).batchSize();
    ReplicaOption other =
        of(
            option.replicas(),
            PlanSearch.improve(option.choice(), rack.alike(option.replicas()), rows),
            rows);
    boolean fits = other.prediction().bytes() <= profile.memoryLimit();
    boolean quicker = other.prediction().seconds() < option.prediction().seconds();
    return fits && quicker ? other : option;
  }
}
