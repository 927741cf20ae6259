package io.penstock.schedule;

import io.penstock.Amount;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Costs of a schedule's work: times of forward and backward by stage, sizes of activations and
 * frames, and links. Free of units: the times may be in any one unit (examples: seconds), the sizes
 * in any one other (examples: bytes), and a bandwidth is in sizes per time. Immutable; lists are by
 * stage.
 *
 * @param forward time of a forward on one micro-batch
 * @param input time of the input gradient of one micro-batch
 * @param weight time of the weight gradient of one micro-batch; a whole backward takes both
 * @param activationBytes size of the activations that a stage keeps of one micro-batch, from its
 *     forward to its weight gradient
 * @param inputBytes how much of that is the stage's input, which is kept too where the forward is
 *     done again ({@link ActionKind#R})
 * @param frameBytes size of the frame that a stage hands to the next one for one micro-batch; the
 *     gradient that comes back over the same boundary is as large
 * @param link cost of carrying a frame, on every link
 * @param otherLinks the links that differ from that, by sending and receiving rank
 * @param update time of a stage's update
 * @param replicas costs of keeping replicas equal
 * @param diskBandwidth size that goes to a rank's disk, or comes from it, in a unit of time; may be
 *     infinite
 */
public record Costs(
    List<Double> forward,
    List<Double> input,
    List<Double> weight,
    List<Double> activationBytes,
    List<Double> inputBytes,
    List<Double> frameBytes,
    LinkCost link,
    Map<List<Integer>, LinkCost> otherLinks,
    List<Double> update,
    ReplicaCosts replicas,
    double diskBandwidth) {

  /**
   * Copies the lists and checks the numbers.
   *
   * @throws IllegalArgumentException if a number is negative or not finite, or the lists are not of
   *     one length; the message names which
   */
  public Costs {
    forward = checked("forward time", forward, forward.size());
    input = checked("input gradient's time", input, forward.size());
    weight = checked("weight gradient's time", weight, forward.size());
    activationBytes = checked("activation size", activationBytes, forward.size());
    inputBytes = checked("input size", inputBytes, forward.size());
    frameBytes = checked("frame size", frameBytes, forward.size());
    if (forward.isEmpty()) {
      throw new IllegalArgumentException("costs of no stage: give at least one stage's times");
    }
    otherLinks = Map.copyOf(otherLinks);
    update = checked("update's time", update, forward.size());
    Objects.requireNonNull(replicas, "replicas");
    if (!(diskBandwidth > 0)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "a disk's bandwidth of %s; give a number above 0", diskBandwidth));
    }
  }

  /** Costs of one replica, where updates take no time. */
  public Costs(
      List<Double> forward,
      List<Double> input,
      List<Double> weight,
      List<Double> activationBytes,
      List<Double> inputBytes,
      List<Double> frameBytes,
      LinkCost link,
      Map<List<Integer>, LinkCost> otherLinks) {
    this(
        forward,
        input,
        weight,
        activationBytes,
        inputBytes,
        frameBytes,
        link,
        otherLinks,
        Collections.nCopies(forward.size(), 0.0),
        ReplicaCosts.NONE,
        Double.POSITIVE_INFINITY);
  }

  /**
   * Returns costs of equal stages, where nothing takes memory and what crosses a link is there at
   * once.
   */
  public static Costs even(int stages, double forward, double input, double weight) {
    List<Double> nothing = Collections.nCopies(stages, 0.0);
    return new Costs(
        Collections.nCopies(stages, forward),
        Collections.nCopies(stages, input),
        Collections.nCopies(stages, weight),
        nothing,
        nothing,
        nothing,
        LinkCost.FREE,
        Map.of());
  }

  /** Returns these costs with another latency on every link that has no cost of its own. */
  public Costs withLatency(double latency) {
    return withLinks(new LinkCost(latency, link.bandwidth(), link.busy()), otherLinks);
  }

  /** Returns these costs with another bandwidth on every link that has no cost of its own. */
  public Costs withBandwidth(double bandwidth) {
    return withLinks(new LinkCost(link.latency(), bandwidth, link.busy()), otherLinks);
  }

  /**
   * Returns these costs with frames that keep either rank busy for this time, on every link that
   * has no cost of its own.
   */
  public Costs withBusy(double busy) {
    return withLinks(new LinkCost(link.latency(), link.bandwidth(), busy), otherLinks);
  }

  /** Returns these costs with a cost of its own for the link from one rank to another. */
  public Costs withLink(int from, int to, LinkCost cost) {
    Map<List<Integer>, LinkCost> others = new HashMap<>(otherLinks);
    others.put(List.of(from, to), cost);
    return withLinks(link, others);
  }

  private Costs withLinks(LinkCost link, Map<List<Integer>, LinkCost> others) {
    return with(activationBytes, inputBytes, frameBytes, link, others);
  }

  /** Returns these costs with these sizes of what each stage keeps of a micro-batch. */
  public Costs withActivationBytes(List<Double> bytes) {
    return with(bytes, inputBytes, frameBytes, link, otherLinks);
  }

  /** Returns these costs with every stage keeping this size of a micro-batch. */
  public Costs withActivationBytes(double bytes) {
    return withActivationBytes(Collections.nCopies(stages(), bytes));
  }

  /** Returns these costs with these sizes of each stage's input. */
  public Costs withInputBytes(List<Double> bytes) {
    return with(activationBytes, bytes, frameBytes, link, otherLinks);
  }

  /** Returns these costs with these sizes of what each stage hands to the next. */
  public Costs withFrameBytes(List<Double> bytes) {
    return with(activationBytes, inputBytes, bytes, link, otherLinks);
  }

  /** Returns these costs with every stage handing this size to the next. */
  public Costs withFrameBytes(double bytes) {
    return withFrameBytes(Collections.nCopies(stages(), bytes));
  }

  private Costs with(
      List<Double> activations,
      List<Double> inputs,
      List<Double> frames,
      LinkCost every,
      Map<List<Integer>, LinkCost> others) {
    return with(activations, inputs, frames, every, others, update, replicas);
  }

  private Costs with(
      List<Double> activations,
      List<Double> inputs,
      List<Double> frames,
      LinkCost every,
      Map<List<Integer>, LinkCost> others,
      List<Double> updates,
      ReplicaCosts of) {
    return new Costs(
        forward,
        input,
        weight,
        activations,
        inputs,
        frames,
        every,
        others,
        updates,
        of,
        diskBandwidth);
  }

  /** Returns these costs with these times of each stage's update. */
  public Costs withUpdate(List<Double> times) {
    return with(activationBytes, inputBytes, frameBytes, link, otherLinks, times, replicas);
  }

  /** Returns these costs with replicas. */
  public Costs withReplicas(ReplicaCosts of) {
    return with(activationBytes, inputBytes, frameBytes, link, otherLinks, update, of);
  }

  /** Returns these costs with disks of this bandwidth. */
  public Costs withDiskBandwidth(double bandwidth) {
    return new Costs(
        forward,
        input,
        weight,
        activationBytes,
        inputBytes,
        frameBytes,
        link,
        otherLinks,
        update,
        replicas,
        bandwidth);
  }

  /** Returns the number of stages. */
  public int stages() {
    return forward.size();
  }

  /**
   * Returns the time an action takes on its rank; 0 for a send or a receive, which only start the
   * movement: what that takes from the rank is the {@linkplain LinkCost#busy link's}.
   */
  public double of(Action action) {
    int stage = action.stage();
    return switch (action.kind()) {
      case F, R -> forward.get(stage);
      case I -> input.get(stage);
      case W -> weight.get(stage);
      case B -> input.get(stage) + weight.get(stage);
      case UPDATE -> update.get(stage);
      default -> 0;
    };
  }

  /** Returns what carrying takes from one rank to another. */
  public LinkCost link(int from, int to) {
    return otherLinks.getOrDefault(List.of(from, to), link);
  }

  /** The bytes of a frame. */
  double bytes(Frame frame) {
    return frameBytes.get(Math.min(frame.maker().stage(), frame.user().stage()));
  }

  private static List<Double> checked(String what, List<Double> values, int stages) {
    if (values.size() != stages) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s of forward and %d of '%s': give one a stage",
              new Amount(stages, "time"),
              values.size(),
              what));
    }
    for (int stage = 0; stage < stages; stage++) {
      if (!isCost(values.get(stage))) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "stage %d: %s of %s; give a number, 0 or more and finite",
                stage,
                what,
                values.get(stage)));
      }
    }
    return List.copyOf(values);
  }

  private static boolean isCost(double value) {
    return value >= 0 && Double.isFinite(value);
  }
}
