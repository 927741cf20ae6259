package io.penstock.nn.onednn;

import org.bytedeco.dnnl.memory;

/**
 * A window's way over pictures, {@code [rows, channels, height, width]}.
 *
 * @param rows how many pictures
 * @param channels of each
 * @param vertical the way along the height
 * @param horizontal the way along the width
 */
public record Sweep(long rows, long channels, Axis vertical, Axis horizontal) {
  /** Channels that fill a register. */
  static final long GROUP = 8;

  /**
   * The order in which kernels without weights are quick, the way there and back included: on plain
   * pictures they take 2 to 5 times as long.
   */
  static memory.format_tag quickOrder(long channels) {
    return channels % GROUP == 0 ? memory.format_tag.nChw8c : memory.format_tag.nhwc;
  }

  memory.desc pictures(memory.format_tag order) {
    return OneDnn.floats(order, rows, channels, vertical.length(), horizontal.length());
  }

  /** A number for each place of the window, in so many channels. */
  memory.desc places(memory.format_tag order, long channels) {
    return OneDnn.floats(order, rows, channels, vertical.places(), horizontal.places());
  }

  long[] window() {
    return new long[] {vertical.window(), horizontal.window()};
  }

  long[] stride() {
    return new long[] {vertical.stride(), horizontal.stride()};
  }

  long[] before() {
    return new long[] {vertical.before(), horizontal.before()};
  }

  long[] after() {
    return new long[] {vertical.after(), horizontal.after()};
  }
}
