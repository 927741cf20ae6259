package io.penstock.launch.job;

import io.penstock.event.RankPlace;
import java.util.List;
import org.apache.spark.Partition;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.RDD;
import scala.jdk.javaapi.CollectionConverters;

/**
 * RDD whose partitions are to be computed on certain executors: where these are unequal, each rank
 * goes to the one that its stages were cut for. Spark takes another where one is gone, or stays
 * busy for longer than {@code spark.locality.wait}.
 *
 * @param <T> the element of a partition
 */
final class PlacedRdd<T> extends RDD<T> {
  private static final long serialVersionUID = 1L;

  private final RDD<T> rows;
  private final List<RankPlace> places;

  /**
   * @param places by partition
   */
  PlacedRdd(RDD<T> rows, List<RankPlace> places) {
    super(rows, rows.elementClassTag());
    this.rows = rows;
    this.places = places;
  }

  @Override
  public Partition[] getPartitions() {
    return rows.partitions();
  }

  @Override
  public scala.collection.Iterator<T> compute(Partition split, TaskContext context) {
    return rows.iterator(split, context);
  }

  /** Returns the executor in the words that Spark's {@code TaskLocation} reads. */
  @Override
  public scala.collection.immutable.Seq<String> getPreferredLocations(Partition split) {
    RankPlace place = places.get(split.index());
    return CollectionConverters.asScala(
            List.of("executor_" + place.host() + "_" + place.executor()))
        .toSeq();
  }
}
