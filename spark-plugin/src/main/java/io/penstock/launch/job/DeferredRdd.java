package io.penstock.launch.job;

import io.penstock.Internal;
import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.Dependency;
import org.apache.spark.OneToOneDependency;
import org.apache.spark.Partition;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.RDD;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;

/**
 * RDD that is made of another when an action first needs it, on that action's thread: to plan a
 * query, to wait for executors and to look at them is work that a lazy transformation leaves to the
 * action. Later actions have the same one, whose shuffled results Spark still has.
 *
 * @param <T> the element of a partition
 */
@Internal
public final class DeferredRdd<T> extends RDD<T> {
  private static final long serialVersionUID = 1L;

  private final transient Supplier<RDD<T>> make;
  private RDD<T> made;

  /** Makes one that has not asked for the other yet. */
  public DeferredRdd(SparkContext context, Class<?> element, Supplier<RDD<T>> make) {
    super(
        context,
        CollectionConverters.<Dependency<?>>asScala(List.<Dependency<?>>of()).toSeq(),
        ClassTag$.MODULE$.apply(element));
    this.make = make;
  }

  private synchronized RDD<T> made() {
    if (made == null) {
      made = make.get();
    }
    return made;
  }

  @Override
  public Partition[] getPartitions() {
    return made().partitions();
  }

  @Override
  public scala.collection.immutable.Seq<Dependency<?>> getDependencies() {
    return CollectionConverters.<Dependency<?>>asScala(
            List.<Dependency<?>>of(new OneToOneDependency<>(made())))
        .toSeq();
  }

  @Override
  public scala.collection.Iterator<T> compute(Partition split, TaskContext context) {
    return made().iterator(split, context);
  }
}
