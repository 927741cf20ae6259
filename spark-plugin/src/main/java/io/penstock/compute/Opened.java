package io.penstock.compute;

import java.util.EnumMap;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Compute operations that a thread has opened, one for each element type that came up. For one
 * thread.
 */
final class Opened {
  private final ComputeDevice device;
  private final Map<DataType, Compute> byType = new EnumMap<>(DataType.class);

  Opened(ComputeDevice device) {
    this.device = device;
  }

  Compute of(DataType type) {
    Compute compute = byType.get(type);
    if (compute == null) {
      compute = device.open(type);
      byType.put(type, compute);
    }
    return compute;
  }

  void clear() {
    byType.values().forEach(Compute::clear);
  }
}
