package io.penstock.launch;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.TaskContext;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;

/** A task that looks at the GPU it was given, and says what it sees. */
final class DeviceProbe
    extends AbstractFunction1<
        scala.collection.Iterator<Integer>, scala.collection.Iterator<DeviceReport>>
    implements Serializable {
  private static final long serialVersionUID = 1L;

  private final RankDevice device;

  DeviceProbe(RankDevice device) {
    this.device = device;
  }

  @Override
  public scala.collection.Iterator<DeviceReport> apply(scala.collection.Iterator<Integer> none) {
    return CollectionConverters.asScala(List.of(device.report(TaskContext.get())).iterator());
  }
}
