package io.penstock.launch.job;

import io.penstock.Internal;
import io.penstock.checkpoint.RunIdentity;
import io.penstock.compute.ComputeDevice;
import io.penstock.conf.Settings;
import io.penstock.event.RankPlace;
import io.penstock.launch.JavaSerialized;
import io.penstock.launch.cluster.ArrayLimit;
import io.penstock.launch.cluster.LinkHosts;
import io.penstock.launch.cluster.RankArithmetic;
import io.penstock.launch.cluster.RankCompute;
import io.penstock.launch.cluster.RankDevice;
import io.penstock.link.FramePlan;
import io.penstock.link.Link;
import io.penstock.link.LinkConfig;
import io.penstock.link.Links;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;

/**
 * Barrier task of one rank: makes native code ready, opens a link, does its work, and tells a
 * failure to the driver and to the peers. For the task's thread.
 *
 * @param <T> the element of a partition
 * @param <R> the result of a rank
 */
@Internal
public abstract class RankTask<T, R>
    extends AbstractFunction1<scala.collection.Iterator<T>, scala.collection.Iterator<byte[]>>
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /**
   * Longest pause between two looks at which ranks have come. A peer may take minutes to take its
   * rows in.
   */
  private static final int MOST_PAUSE_MILLIS = 50;

  private final String runId;
  private final int attempt;
  private final RankDevice device;

  /**
   * @param attempt of the run, from 0: tasks of earlier ones may still be there
   */
  RankTask(String runId, int attempt, RankDevice device) {
    this.runId = runId;
    this.attempt = attempt;
    this.device = device;
  }

  /** Returns the attempt's name, which is its endpoint's on the driver. */
  String attemptId() {
    return runId + "-" + attempt;
  }

  String runId() {
    return runId;
  }

  /** Returns the frames that its peers may send to a rank. */
  abstract FramePlan framesFor(int rank);

  /**
   * Does the rank's work. Its link is open and not connected yet.
   *
   * @param compute what the rank computes on
   * @param activity of the rank, which its work keeps up to date
   */
  abstract R work(
      BarrierTaskContext context,
      Iterator<T> rows,
      Link link,
      DriverEndpoint.Remote driver,
      RankCompute compute,
      RankActivity activity)
      throws InterruptedException;

  @Override
  public final scala.collection.Iterator<byte[]> apply(scala.collection.Iterator<T> rows) {
    BarrierTaskContext context = BarrierTaskContext.get();
    DriverEndpoint.Remote driver = new DriverEndpoint.Remote(attemptId());
    RankActivity activity = new RankActivity();
    try (RankPulse pulse = RankPulse.start(context, activity, driver)) {
      byte[] result = result(context, CollectionConverters.asJava(rows), driver, activity);
      pulse.succeeded();
      return CollectionConverters.asScala(List.of(result).iterator());
    }
  }

  private byte[] result(
      BarrierTaskContext context,
      Iterator<T> rows,
      DriverEndpoint.Remote driver,
      RankActivity activity) {
    RankCompute compute = ready(context, driver);
    try (Link link = open(context, driver, compute.device())) {
      try {
        Link watched = new WatchedLink(link, activity);
        return JavaSerialized.bytes(work(context, rows, watched, driver, compute, activity));
      } catch (Throwable thrown) {
        Throwable cause = ArrayLimit.here().explained(thrown);
        // The driver first: once the peers know, they fail too, and Spark may kill this task for it
        // before it has told why. They hear the cause, not only that this rank is gone.
        tell(context, driver, cause);
        link.fail(cause);
        throw sneaky(spared(cause));
      }
    }
  }

  /**
   * Meets the other ranks, once in a run, after which ranks {@link #connect}. Ends when all have
   * come, or as soon as Spark gives this task up, as it does when a peer is lost before it has
   * come.
   *
   * @param rows how many this rank has taken in
   * @param arithmetic of this rank
   * @return every rank's arrival, by rank
   */
  static List<Rendezvous.Arrival> meet(
      BarrierTaskContext context,
      Link link,
      DriverEndpoint.Remote driver,
      RunIdentity.Rows rows,
      RankArithmetic arithmetic)
      throws InterruptedException {
    RankPlace place = RankPlace.of(context);
    Rendezvous.Arrival own =
        new Rendezvous.Arrival(
            place, context.stageAttemptNumber(), link.address(), rows, arithmetic.model());
    BooleanSupplier unwanted = unwanted(context);
    List<Rendezvous.Arrival> met = driver.arrive(own);
    for (int pause = 1; met.isEmpty(); pause = Math.min(2 * pause, MOST_PAUSE_MILLIS)) {
      if (unwanted.getAsBoolean()) {
        throw new InterruptedException("Spark has ended this task while it waited for its peers");
      }
      Thread.sleep(pause);
      met = driver.arrive(own);
    }
    return met;
  }

  /**
   * Returns whether nobody wants a rank's work any more: Spark has ended its task, or, in the
   * process of a local master, whose tasks it leaves to themselves then, the whole application.
   */
  static BooleanSupplier unwanted(BarrierTaskContext context) {
    SparkEnv own = SparkEnv.get();
    return () -> context.isInterrupted() || SparkEnv.get() != own;
  }

  /**
   * Connects a rank's link to all peers that it has met. What all ranks refuse alike, by what they
   * heard there, they refuse before: whoever connects to a rank that has refused already fails for
   * the wrong reason.
   */
  static void connect(Link link, int rank, List<Rendezvous.Arrival> met) {
    link.connect(rank, met.stream().map(Rendezvous.Arrival::address).toList());
  }

  private RankCompute ready(BarrierTaskContext context, DriverEndpoint.Remote driver) {
    try {
      RankCompute compute = device.ready(context, Math.max(1, context.cpus()));
      ArrayLimit.here().makeRoom();
      return compute;
    } catch (Throwable cause) {
      tell(context, driver, cause);
      throw sneaky(cause);
    }
  }

  private Link open(
      BarrierTaskContext context, DriverEndpoint.Remote driver, ComputeDevice device) {
    try {
      return open(framesFor(context.partitionId()), device);
    } catch (Throwable cause) {
      tell(context, driver, cause);
      throw sneaky(cause);
    }
  }

  /**
   * Tells the driver of a failure. A task that Spark kills has nothing to tell but that its
   * executor lives: its failure is what Spark wanted.
   */
  private void tell(BarrierTaskContext context, DriverEndpoint.Remote driver, Throwable cause) {
    try {
      RankPlace place = RankPlace.of(context);
      int attempt = context.stageAttemptNumber();
      if (context.isInterrupted()) {
        driver.sendNow(RankFailure.ended(place, attempt));
      } else {
        driver.ask(RankFailure.of(place, attempt, cause));
      }
    } catch (Exception unheard) {
      cause.addSuppressed(unheard);
    }
  }

  /**
   * Returns the failure to throw. Spark ends the whole process, in local mode the driver's, for an
   * error of the virtual machine anywhere in a task's failure. A layer that went too deep has done
   * no harm to the process: the driver has the error itself by {@link RankFailure}, Spark gets its
   * words.
   */
  private static Throwable spared(Throwable cause) {
    for (Throwable one = cause; one != null; one = one.getCause()) {
      if (one instanceof StackOverflowError) {
        IllegalStateException words = new IllegalStateException(cause.toString());
        words.setStackTrace(cause.getStackTrace());
        return words;
      }
    }
    return cause;
  }

  /**
   * Opens a link of this executor's that takes these frames.
   *
   * @param device that the rank computes on
   */
  static Link open(FramePlan frames, ComputeDevice device) {
    return Links.open(linkConfig(SparkEnv.get().conf(), frames), device.memory());
  }

  private static LinkConfig linkConfig(SparkConf conf, FramePlan frames) {
    Map<String, String> settings =
        Arrays.stream(conf.getAll())
            .collect(Collectors.toMap(entry -> entry._1(), entry -> entry._2(), (a, b) -> b));
    LinkHosts hosts = LinkHosts.here(SparkEnv.get());
    boolean authenticate = SparkEnv.get().securityManager().isAuthenticationEnabled();
    return new LinkConfig(
        hosts.bind(),
        hosts.advertised(),
        0,
        settings,
        conf.getAppId(),
        SparkEnv.get().securityManager(),
        authenticate,
        Settings.NETWORK_ONLY.in(conf),
        frames);
  }

  /** Throws any exception from Spark's task body, which declares none. */
  @SuppressWarnings("unchecked")
  static <T extends Throwable> RuntimeException sneaky(Throwable cause) throws T {
    throw (T) cause;
  }
}
