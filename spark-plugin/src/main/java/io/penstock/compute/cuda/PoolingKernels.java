package io.penstock.compute.cuda;

import io.penstock.compute.Axis;
import io.penstock.compute.Geometry;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Max and average pooling, one thread for each number that comes out. For one thread. */
final class PoolingKernels {
  private final Launcher launcher;

  PoolingKernels(Launcher launcher) {
    this.launcher = launcher;
  }

  /** Max pooling keeps for each place which number under the window is the largest. */
  static long keeps(Geometry geometry, boolean largest) {
    return largest ? places(geometry) : 0;
  }

  void forward(Geometry geometry, boolean largest, INDArray input, INDArray kept, INDArray output) {
    launcher.kernel(largest ? "pool_largest" : "pool_mean").array(input);
    if (largest) {
      launcher.array(kept);
    }
    launch(geometry, launcher.array(output), places(geometry));
  }

  void backward(Geometry geometry, boolean largest, INDArray kept, INDArray gradient, INDArray to) {
    launcher.kernel(largest ? "pool_largest_gradient" : "pool_mean_gradient");
    if (largest) {
      launcher.array(kept);
    }
    launch(geometry, launcher.array(gradient).array(to), points(geometry));
  }

  private static void launch(Geometry geometry, Launcher launcher, long count) {
    Axis v = geometry.vertical();
    Axis h = geometry.horizontal();
    launcher
        .whole(count)
        .whole(v.length())
        .whole(h.length())
        .whole(v.window())
        .whole(h.window())
        .whole(v.stride())
        .whole(v.before())
        .whole(h.stride())
        .whole(h.before())
        .whole(v.places())
        .whole(h.places())
        .each(count);
  }

  private static long places(Geometry geometry) {
    return geometry.rows()
        * geometry.channels()
        * geometry.vertical().places()
        * geometry.horizontal().places();
  }

  private static long points(Geometry geometry) {
    return geometry.rows()
        * geometry.channels()
        * geometry.vertical().length()
        * geometry.horizontal().length();
  }
}
