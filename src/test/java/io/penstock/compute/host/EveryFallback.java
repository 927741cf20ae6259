package io.penstock.compute.host;

import static io.penstock.nn.Data.assertSameBits;

import io.penstock.compute.Axis;
import io.penstock.compute.Geometry;
import io.penstock.compute.Kernels;
import io.penstock.compute.Windows;
import io.penstock.compute.host.onednn.ConvolutionKernel;
import io.penstock.compute.host.onednn.WindowGeometry;
import io.penstock.compute.plain.PlainKind;
import io.penstock.nn.Data;
import io.penstock.nn.Initializer;
import io.penstock.nn.ParameterSpec;
import io.penstock.nn.Parameters;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A program that runs convolutions of many sizes, and fails unless exactly those for which oneDNN
 * has but its reference implementation are the plain way's, there and back.
 */
final class EveryFallback {
  private static final List<String> ALL =
      List.of("convolution", "convolutionInputGradient", "convolutionWeightGradient");

  private final Windows plain = new PlainKind().open().windows();
  private final List<String> asked = new ArrayList<>();
  private final Windows host =
      new HostWindows(
          new Kernels(),
          (Windows)
              Proxy.newProxyInstance(
                  Windows.class.getClassLoader(),
                  new Class<?>[] {Windows.class},
                  (proxy, method, arguments) -> {
                    asked.add(method.getName());
                    return method.invoke(plain, arguments);
                  }));

  public static void main(String[] none) {
    EveryFallback all = new EveryFallback();
    int references = 0;
    for (long channels : new long[] {1, 3, 8}) {
      for (long outputs : new long[] {1, 8, 10}) {
        for (long window : new long[] {1, 3, 5}) {
          Axis axis = new Axis(28, window, 1, window / 2, window / 2);
          references += all.convolution(new Geometry(1, channels, axis, axis), outputs) ? 1 : 0;
        }
      }
    }
    System.out.println(references + " sizes have but a reference implementation");
  }

  private boolean convolution(Geometry geometry, long outputs) {
    boolean reference =
        new ConvolutionKernel(
                new ConvolutionKernel.Size(new WindowGeometry(geometry), outputs, true))
            .isReference();
    INDArray[] actual = run(host, geometry, outputs);
    List<String> expected = reference ? ALL : List.of();
    if (!asked.equals(expected)) {
      throw new AssertionError(geometry + " to " + outputs + ": " + asked + ", not " + expected);
    }
    asked.clear();
    if (reference) {
      INDArray[] right = run(plain, geometry, outputs);
      for (int i = 0; i < right.length; i++) {
        assertSameBits(right[i], actual[i], geometry + " to " + outputs + ", " + i);
      }
    }
    return reference;
  }

  private static INDArray[] run(Windows windows, Geometry geometry, long outputs) {
    long window = geometry.vertical().window();
    List<Long> shape = List.of(outputs, geometry.channels(), window, window);
    List<ParameterSpec> specs =
        List.of(
            new ParameterSpec("filter", shape, Initializer.scaled(1, 1)),
            new ParameterSpec("bias", List.of(outputs), Initializer.constant(1)));
    Parameters weights = Parameters.initial(specs, 1, 0);
    Parameters sums = Parameters.initial(specs, 2, 0);
    INDArray x = Data.random(1, DataType.FLOAT, geometry.pictures());
    INDArray g = Data.random(2, DataType.FLOAT, geometry.places(outputs));
    INDArray output = g.like();
    INDArray gradient = x.like();
    windows.convolution(geometry, x, weights, "filter", weights.get("bias"), output);
    windows.convolutionInputGradient(geometry, g, weights, "filter", true, gradient);
    windows.convolutionWeightGradient(geometry, x, g, sums.get("filter"), sums.get("bias"));
    weights.close();
    return new INDArray[] {output, gradient, sums.flat()};
  }
}
