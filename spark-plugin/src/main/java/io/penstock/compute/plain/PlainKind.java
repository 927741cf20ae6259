package io.penstock.compute.plain;

import io.penstock.Internal;
import io.penstock.compute.Compute;
import io.penstock.compute.ComputeKind;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Compute backend of ND4J's operations, for every floating-point type; asked last. Stateless: any
 * thread may call.
 */
@Internal
public final class PlainKind implements ComputeKind {
  @Override
  public String id() {
    return "plain";
  }

  @Override
  public boolean takes(DataType type) {
    return type.isFPType();
  }

  @Override
  public int preference() {
    return 0;
  }

  @Override
  public Compute open() {
    PlainRows rows = new PlainRows();
    PlainRecurrences recurrences = new PlainRecurrences();
    return new Compute(
        new PlainProducts(),
        rows,
        new PlainNorms(),
        new PlainWindows(),
        new PlainActivations(),
        recurrences,
        new PlainLosses(),
        new PlainUpdates(),
        new PlainConversions(rows),
        recurrences::clear);
  }
}
