package io.penstock.launch.cluster;

import io.penstock.launch.JavaSerialized;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.TaskContext;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;

/**
 * Probe: a task that asks its process one question, and ends with the answer. For the task's
 * thread. See {@link JavaSerialized}.
 */
final class Probe
    extends AbstractFunction1<scala.collection.Iterator<Integer>, scala.collection.Iterator<byte[]>>
    implements Serializable {
  private static final long serialVersionUID = 2L;

  /** Question to a process. */
  enum Question {
    /** State of the GPU that the task was given: a {@link DeviceReport}. */
    DEVICE,
    /** Arithmetic of the process: a {@link RankArithmetic}. */
    ARITHMETIC
  }

  private final Question question;
  private final RankDevice device;

  Probe(Question question, RankDevice device) {
    this.question = question;
    this.device = device;
  }

  @Override
  public scala.collection.Iterator<byte[]> apply(scala.collection.Iterator<Integer> none) {
    TaskContext context = TaskContext.get();
    byte[] answer =
        switch (question) {
          case DEVICE -> JavaSerialized.bytes(device.report(context));
          case ARITHMETIC ->
              JavaSerialized.bytes(device.ready(context, Math.max(1, context.cpus())).arithmetic());
        };
    return CollectionConverters.asScala(List.of(answer).iterator());
  }
}
