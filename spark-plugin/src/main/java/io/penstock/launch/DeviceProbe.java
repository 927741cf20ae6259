package io.penstock.launch;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.TaskContext;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;

/** A task that looks at the GPU it was given, and says what it sees: a {@link DeviceReport}. */
final class DeviceProbe
    extends AbstractFunction1<scala.collection.Iterator<Integer>, scala.collection.Iterator<byte[]>>
    implements Serializable {
  private static final long serialVersionUID = 1L;

  private final RankDevice device;

  DeviceProbe(RankDevice device) {
    this.device = device;
  }

  @Override
  public scala.collection.Iterator<byte[]> apply(scala.collection.Iterator<Integer> none) {
    DeviceReport report = device.report(TaskContext.get());
    return CollectionConverters.asScala(List.of(Carried.bytes(report)).iterator());
  }
}
