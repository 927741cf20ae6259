package io.penstock.nn;

import io.penstock.array.DeviceBuffer;
import io.penstock.array.DeviceMemory;
import io.penstock.array.NativeArrays;
import io.penstock.compute.ComputeDevice;
import io.penstock.compute.Memory;
import io.penstock.compute.Workspace;
import io.penstock.compute.cuda.StandIn;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Assumptions;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A layer on the stand-in of a GPU, for tests that give it arrays of the host's: floats are sent
 * there as they lie, gaps and all, and what it makes is fetched; other numbers go to the layer
 * itself. What it was given is fetched too, so that a test sees what it should not have changed.
 */
public final class LayerOnGpu {
  /** The device, opened once a process: each that is open has page-locked memory of its own. */
  private static final class Opened {
    static final ComputeDevice HERE = StandIn.device();
  }

  private final Layer layer;
  private final Workspace workspace = new Workspace(Opened.HERE, NativeArrays::release);

  private LayerOnGpu(Layer layer) {
    this.layer = layer;
  }

  /** Returns the layer as one that runs there; the test is left out where there is no stand-in. */
  public static Layer of(Layer layer) {
    StandIn.problem().ifPresent(Assumptions::abort);
    if (!layer.computesAnywhere()) {
      throw new IllegalArgumentException(layer + " computes on the host alone");
    }
    LayerOnGpu there = new LayerOnGpu(layer);
    return (Layer)
        Proxy.newProxyInstance(
            Layer.class.getClassLoader(),
            new Class<?>[] {Layer.class},
            (proxy, method, given) -> {
              if (method.getName().equals("forward")
                  && ((INDArray) given[0]).dataType() == DataType.FLOAT) {
                INDArray saved = given.length == 4 ? (INDArray) given[1] : null;
                Parameters parameters = (Parameters) given[given.length - 2];
                return there.forward(
                    (INDArray) given[0], saved, parameters, (Pass) given[given.length - 1]);
              }
              if (method.getName().equals("toString")) {
                return layer + " on a GPU";
              }
              try {
                return method.invoke(layer, given);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private Forward forward(INDArray input, INDArray saved, Parameters given, Pass pass) {
    Sent x = new Sent(input);
    Parameters parameters = sent(given);
    Memory memory = workspace.fresh();
    Pass there = pass.in(memory);
    Forward done =
        saved == null
            ? layer.forward(x.there, parameters, there)
            : layer.forward(x.there, new Sent(saved).there, parameters, there);
    x.fetch();
    return new Forward(
        NativeArrays.onHost(done.output()),
        new Backward() {
          @Override
          public INDArray inputGradient(INDArray outputGradient) {
            Sent gradient = new Sent(outputGradient);
            INDArray made = done.backward().inputGradient(gradient.there);
            gradient.fetch();
            return NativeArrays.onHost(made);
          }

          @Override
          public void weightGradient(INDArray outputGradient, Parameters gradients) {
            Sent gradient = new Sent(outputGradient);
            Parameters sums = sent(gradients);
            done.backward().weightGradient(gradient.there, sums);
            gradient.fetch();
            fetch(sums, gradients);
            fetch(parameters, given);
          }
        });
  }

  private DeviceMemory device() {
    return workspace.device().memory();
  }

  private Parameters sent(Parameters given) {
    Parameters there = Parameters.zeros(given.specs(), device());
    if (given.size() > 0) {
      NativeArrays.copy(given.flat(), there.flat());
    }
    return there;
  }

  private static void fetch(Parameters there, Parameters given) {
    if (given.size() > 0) {
      NativeArrays.copy(there.flat(), given.flat());
    }
  }

  /** An array of the host's, and the same in a copy of all its buffer on the device. */
  private final class Sent {
    private final DataBuffer whole;
    private final INDArray all;
    private final INDArray there;

    Sent(INDArray array) {
      DataBuffer own = array.data();
      whole = own.originalDataBuffer() == null ? own : own.originalDataBuffer();
      all = NativeArrays.array(device(), DataType.FLOAT, 'c', whole.length());
      device().toDevice(whole.pointer().address(), DeviceBuffer.address(all), bytes());
      there =
          Nd4j.create(all.data(), array.shape(), array.stride(), array.offset(), array.ordering());
    }

    void fetch() {
      device().toHost(DeviceBuffer.address(all), whole.pointer().address(), bytes());
    }

    private long bytes() {
      return whole.length() * Float.BYTES;
    }
  }
}
