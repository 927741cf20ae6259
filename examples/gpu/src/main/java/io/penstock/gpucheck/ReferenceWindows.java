package io.penstock.gpucheck;

import io.penstock.compute.Axis;
import io.penstock.compute.Geometry;
import io.penstock.compute.Weights;
import io.penstock.compute.Windows;
import java.util.stream.LongStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Convolution and pooling in double precision, place by place. Stateless. */
final class ReferenceWindows implements Windows {
  /** Takes one number under a window at one place. */
  private interface Visit {
    void at(long picture, long window);
  }

  /**
   * Goes over the numbers of a channel that lie under the window at a place, but not over padding.
   */
  private static void under(Geometry geometry, long row, long channel, long place, Visit visit) {
    Axis down = geometry.vertical();
    Axis across = geometry.horizontal();
    long top = place / across.places() * down.stride() - down.before();
    long left = place % across.places() * across.stride() - across.before();
    for (long i = 0; i < down.window(); i++) {
      for (long j = 0; j < across.window(); j++) {
        long y = top + i;
        long x = left + j;
        if (y >= 0 && y < down.length() && x >= 0 && x < across.length()) {
          long picture =
              ((row * geometry.channels() + channel) * down.length() + y) * across.length() + x;
          visit.at(picture, i + j * down.window());
        }
      }
    }
  }

  private static long places(Geometry geometry) {
    return geometry.vertical().places() * geometry.horizontal().places();
  }

  /** Returns the place in a filter, in 'f' order, of a number of a window. */
  private static long inFilter(Geometry geometry, long outputs, long o, long channel, long window) {
    return o + outputs * (channel + geometry.channels() * window);
  }

  @Override
  public void convolution(
      Geometry geometry,
      INDArray input,
      Weights weights,
      String name,
      INDArray bias,
      INDArray output) {
    INDArray array = weights.get(name);
    long outputs = array.size(0);
    Doubles filter = Doubles.of(array);
    Doubles x = Doubles.of(input);
    Doubles y = Doubles.of(output);
    long places = places(geometry);
    LongStream.range(0, geometry.rows() * outputs)
        .parallel()
        .forEach(
            line -> {
              long row = line / outputs;
              long o = line % outputs;
              for (long place = 0; place < places; place++) {
                double[] sum = {bias == null ? 0 : Doubles.of(bias).get(o)};
                for (long channel = 0; channel < geometry.channels(); channel++) {
                  long c = channel;
                  under(
                      geometry,
                      row,
                      channel,
                      place,
                      (picture, window) ->
                          sum[0] +=
                              x.get(picture)
                                  * filter.get(inFilter(geometry, outputs, o, c, window)));
                }
                y.put(line * places + place, sum[0]);
              }
            });
  }

  @Override
  public void convolutionInputGradient(
      Geometry geometry,
      INDArray outputGradient,
      Weights weights,
      String name,
      boolean bias,
      INDArray inputGradient) {
    INDArray array = weights.get(name);
    long outputs = array.size(0);
    Doubles filter = Doubles.of(array);
    Doubles g = Doubles.of(outputGradient);
    Doubles to = Doubles.of(inputGradient);
    new ReferenceRows().fill(inputGradient, 0);
    long places = places(geometry);
    LongStream.range(0, geometry.rows() * geometry.channels())
        .parallel()
        .forEach(
            line -> {
              long row = line / geometry.channels();
              long channel = line % geometry.channels();
              for (long o = 0; o < outputs; o++) {
                long own = o;
                for (long place = 0; place < places; place++) {
                  double one = g.get((row * outputs + o) * places + place);
                  under(
                      geometry,
                      row,
                      channel,
                      place,
                      (picture, window) ->
                          to.add(
                              picture,
                              one * filter.get(inFilter(geometry, outputs, own, channel, window))));
                }
              }
            });
  }

  @Override
  public void convolutionWeightGradient(
      Geometry geometry, INDArray input, INDArray outputGradient, INDArray filter, INDArray bias) {
    long outputs = filter.size(0);
    Doubles x = Doubles.of(input);
    Doubles g = Doubles.of(outputGradient);
    Doubles sums = Doubles.of(filter);
    long places = places(geometry);
    LongStream.range(0, outputs)
        .parallel()
        .forEach(
            o -> {
              for (long row = 0; row < geometry.rows(); row++) {
                for (long place = 0; place < places; place++) {
                  double one = g.get((row * outputs + o) * places + place);
                  if (bias != null) {
                    Doubles.of(bias).add(o, one);
                  }
                  for (long channel = 0; channel < geometry.channels(); channel++) {
                    long c = channel;
                    under(
                        geometry,
                        row,
                        channel,
                        place,
                        (picture, window) ->
                            sums.add(
                                inFilter(geometry, outputs, o, c, window), one * x.get(picture)));
                  }
                }
              }
            });
  }

  @Override
  public void pooling(
      Geometry geometry, boolean largest, INDArray input, INDArray kept, INDArray output) {
    Doubles x = Doubles.of(input);
    long places = places(geometry);
    for (long i = 0; i < output.length(); i++) {
      double[] found = {largest ? Double.NEGATIVE_INFINITY : 0, 0};
      under(
          geometry,
          i / places / geometry.channels(),
          i / places % geometry.channels(),
          i % places,
          (picture, window) -> {
            double one = x.get(picture);
            found[0] = largest ? Math.max(found[0], one) : found[0] + one;
            found[1]++;
          });
      Doubles.of(output).put(i, largest ? found[0] : found[0] / found[1]);
    }
  }

  @Override
  public long poolingKeeps(Geometry geometry, boolean largest) {
    return 0;
  }

  @Override
  public void poolingGradient(
      Geometry geometry,
      boolean largest,
      INDArray input,
      INDArray kept,
      INDArray outputGradient,
      INDArray inputGradient) {
    Doubles x = Doubles.of(input);
    Doubles to = Doubles.of(inputGradient);
    new ReferenceRows().fill(inputGradient, 0);
    long places = places(geometry);
    for (long i = 0; i < outputGradient.length(); i++) {
      double one = Doubles.of(outputGradient).get(i);
      long row = i / places / geometry.channels();
      long channel = i / places % geometry.channels();
      long[] best = {-1, 0};
      under(
          geometry,
          row,
          channel,
          i % places,
          (picture, window) -> {
            best[0] = best[0] < 0 || x.get(picture) > x.get(best[0]) ? picture : best[0];
            best[1]++;
          });
      if (largest) {
        to.add(best[0], one);
      } else {
        under(
            geometry,
            row,
            channel,
            i % places,
            (picture, window) -> to.add(picture, one / best[1]));
      }
    }
  }
}
