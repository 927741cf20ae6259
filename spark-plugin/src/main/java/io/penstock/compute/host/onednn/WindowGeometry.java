package io.penstock.compute.host.onednn;

import io.penstock.Internal;
import io.penstock.compute.Geometry;
import org.bytedeco.dnnl.memory;

/**
 * Geometry of a convolution or pooling in oneDNN's terms: kernel, stride, padding, and the memory
 * orders of input and output. Immutable.
 */
@Internal
public record WindowGeometry(Geometry geometry) {
  /** Channels that fill a register. */
  static final long GROUP = 8;

  /**
   * Returns the memory order in which kernels without weights are quick, the way there and back
   * included: on plain pictures they take 2 to 5 times as long.
   */
  static memory.format_tag quickOrder(long channels) {
    return channels % GROUP == 0 ? memory.format_tag.nChw8c : memory.format_tag.nhwc;
  }

  long channels() {
    return geometry.channels();
  }

  memory.desc pictures(memory.format_tag order) {
    return OneDnn.floats(order, geometry.pictures());
  }

  /** Describes the output: a number for each place of the window, in each of so many channels. */
  memory.desc places(memory.format_tag order, long channels) {
    return OneDnn.floats(order, geometry.places(channels));
  }

  long[] window() {
    return new long[] {geometry.vertical().window(), geometry.horizontal().window()};
  }

  long[] stride() {
    return new long[] {geometry.vertical().stride(), geometry.horizontal().stride()};
  }

  long[] before() {
    return new long[] {geometry.vertical().before(), geometry.horizontal().before()};
  }

  long[] after() {
    return new long[] {geometry.vertical().after(), geometry.horizontal().after()};
  }
}
