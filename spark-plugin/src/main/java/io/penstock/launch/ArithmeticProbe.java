package io.penstock.launch;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.TaskContext;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;

/** A task that says what its process computes with: a {@link RankArithmetic}. */
final class ArithmeticProbe
    extends AbstractFunction1<scala.collection.Iterator<Integer>, scala.collection.Iterator<byte[]>>
    implements Serializable {
  private static final long serialVersionUID = 1L;

  private final RankDevice device;

  ArithmeticProbe(RankDevice device) {
    this.device = device;
  }

  @Override
  public scala.collection.Iterator<byte[]> apply(scala.collection.Iterator<Integer> none) {
    TaskContext context = TaskContext.get();
    RankArithmetic here = device.ready(context, Math.max(1, context.cpus()));
    return CollectionConverters.asScala(List.of(Carried.bytes(here)).iterator());
  }
}
