package io.penstock.launch.cluster;

import io.penstock.launch.JavaSerialized;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.TaskContext;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;

/** A task that asks its process one thing, and ends with the answer: see {@link JavaSerialized}. */
final class Probe
    extends AbstractFunction1<scala.collection.Iterator<Integer>, scala.collection.Iterator<byte[]>>
    implements Serializable {
  private static final long serialVersionUID = 2L;

  /** What there is to ask. */
  enum Question {
    /** What the task sees of the GPU that it was given: a {@link DeviceReport}. */
    DEVICE,
    /** What the process computes with: a {@link RankArithmetic}. */
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
              JavaSerialized.bytes(device.ready(context, Math.max(1, context.cpus())));
        };
    return CollectionConverters.asScala(List.of(answer).iterator());
  }
}
