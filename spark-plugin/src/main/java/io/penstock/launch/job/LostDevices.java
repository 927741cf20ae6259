package io.penstock.launch.job;

import io.penstock.event.RankPlace;
import io.penstock.launch.cluster.WaitingJob;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Devices that ranks of a failed attempt have lost. A process that has lost its GPU never computes
 * on one again, so its executor is replaced before anything else starts there. For one thread of
 * the driver.
 *
 * @param places of the ranks
 */
record LostDevices(SparkContext context, List<RankPlace> places) {
  private static final long LOOK_MILLIS = 20;

  /** Copies the list. */
  LostDevices {
    places = List.copyOf(places);
  }

  /**
   * Has the executors replaced that are there still.
   *
   * @return those that cannot be: of a local master, whose executor is the driver's own process, or
   *     of a cluster that refuses
   */
  List<RankPlace> irreplaceable() {
    return context.isStopped() ? List.of() : places.stream().filter(this::isStuck).toList();
  }

  private boolean isStuck(RankPlace place) {
    return context.isLocal()
        || (isThere(place)
            && !Replacement.ask(
                context,
                place.executor(),
                "Rank " + place.rank() + ", " + place.process() + ", has lost its GPU",
                "its process cannot use that again"));
  }

  private boolean isThere(RankPlace place) {
    return CollectionConverters.asJava(context.getExecutorIds()).contains(place.executor());
  }

  /**
   * Waits until the executors are gone, or for so long, so that nobody counts on them.
   *
   * @param waiting the job of the wait
   * @param limitMillis how long to wait at most
   */
  void awaitEnd(WaitingJob waiting, long limitMillis) {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limitMillis);
    while (places.stream().anyMatch(this::isThere) && System.nanoTime() - deadline < 0) {
      waiting.pause(LOOK_MILLIS);
    }
  }
}
