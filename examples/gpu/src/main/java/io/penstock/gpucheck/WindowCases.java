package io.penstock.gpucheck;

import io.penstock.compute.Axis;
import io.penstock.compute.Geometry;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What is asked of convolution and pooling. */
final class WindowCases {
  private static final List<Geometry> GEOMETRIES =
      List.of(
          new Geometry(3, 2, Axis.same(9, 3, 1), Axis.same(11, 3, 1)),
          new Geometry(2, 5, new Axis(8, 2, 2, 0, 0), new Axis(8, 2, 2, 0, 0)),
          new Geometry(2, 3, Axis.same(7, 3, 2), Axis.same(10, 3, 2)),
          new Geometry(4, 3, new Axis(1, 1, 1, 0, 0), new Axis(50, 5, 2, 2, 2)));

  private WindowCases() {}

  static void addTo(KernelCases cases) {
    for (Geometry geometry : GEOMETRIES) {
      String what = geometry.rows() + " x " + geometry.channels() + ", " + geometry.horizontal();
      cases.add(
          "convolution: " + what,
          KernelCases.SUM,
          (compute, given) -> {
            INDArray input = given.random(geometry.pictures());
            INDArray filter =
                given.random(
                    'f',
                    6,
                    geometry.channels(),
                    geometry.vertical().window(),
                    geometry.horizontal().window());
            var weights = Given.weights(filter);
            long[] places = geometry.places(6);
            INDArray bias = given.random(6);
            compute.windows().convolution(geometry, input, weights, "w", bias, given.room(places));
            INDArray gradient = given.random(places);
            compute
                .windows()
                .convolutionInputGradient(
                    geometry, gradient, weights, "w", true, given.room(geometry.pictures()));
            compute.windows().convolutionWeightGradient(geometry, input, gradient, filter, bias);
          });
      for (boolean largest : new boolean[] {true, false}) {
        cases.add(
            (largest ? "largest" : "mean") + " under windows: " + what,
            KernelCases.SUM,
            (compute, given) -> {
              INDArray input = given.random(geometry.pictures());
              long keeps = compute.windows().poolingKeeps(geometry, largest);
              long[] places = geometry.places(geometry.channels());
              INDArray kept = keeps == 0 ? null : given.scratch(keeps);
              compute.windows().pooling(geometry, largest, input, kept, given.room(places));
              compute
                  .windows()
                  .poolingGradient(
                      geometry,
                      largest,
                      input,
                      kept,
                      given.random(places),
                      given.room(geometry.pictures()));
            });
      }
    }
  }
}
