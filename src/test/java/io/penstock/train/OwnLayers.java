package io.penstock.train;

import io.penstock.compute.Memory;
import io.penstock.nn.Backward;
import io.penstock.nn.Forward;
import io.penstock.nn.Initializer;
import io.penstock.nn.Layer;
import io.penstock.nn.ParameterSpec;
import io.penstock.nn.Parameters;
import io.penstock.nn.Pass;
import io.penstock.nn.Shape;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Layers as users may write them: each learns a vector that it adds to every row, and each does
 * with its arrays what {@link Layer} allows and the library's own layers do not.
 */
final class OwnLayers {
  private static final String SHIFT = "shift";

  private OwnLayers() {}

  static List<Layer> all() {
    return List.of(new SameArray(), new KeptArray(), new MiddleOfAnArray());
  }

  private abstract static class Shifting implements Layer {
    @Override
    public Shape outputShape(Shape input) {
      return input;
    }

    @Override
    public List<ParameterSpec> parameters(Shape input) {
      return List.of(new ParameterSpec(SHIFT, List.of(input.size()), Initializer.constant(0.1)));
    }

    @Override
    public long flops(Shape input) {
      return input.size();
    }

    @Override
    public String toString() {
      return getClass().getSimpleName();
    }
  }

  private static void add(INDArray gradient, Parameters gradients) {
    gradients.get(SHIFT).addi(gradient.sum(0));
  }

  /** Hands its output gradient on as its input gradient, and reads it later. */
  private static final class SameArray extends Shifting {
    @Override
    public Forward forward(INDArray input, Parameters parameters, Pass pass) {
      INDArray output = pass.memory().copy(input).addiRowVector(parameters.get(SHIFT));
      return new Forward(
          output,
          new Backward() {
            @Override
            public INDArray inputGradient(INDArray outputGradient) {
              return outputGradient;
            }

            @Override
            public void weightGradient(INDArray outputGradient, Parameters gradients) {
              add(outputGradient, gradients);
            }
          });
    }
  }

  /** Takes arrays from elsewhere, keeps what it returned and reads it later. */
  private static final class KeptArray extends Shifting {
    @Override
    public Forward forward(INDArray input, Parameters parameters, Pass pass) {
      INDArray output = input.dup('c').addiRowVector(parameters.get(SHIFT));
      return new Forward(
          output,
          new Backward() {
            private INDArray kept;

            @Override
            public INDArray inputGradient(INDArray outputGradient) {
              kept = outputGradient.dup('c');
              return kept;
            }

            @Override
            public void weightGradient(INDArray outputGradient, Parameters gradients) {
              add(kept, gradients);
            }
          });
    }
  }

  /** Returns the middle of an array, of which it reads all later; so does its forward. */
  private static final class MiddleOfAnArray extends Shifting {
    @Override
    public Forward forward(INDArray input, Parameters parameters, Pass pass) {
      INDArray large = around(input, pass.memory());
      return new Forward(
          middle(large, input.shape()).addiRowVector(parameters.get(SHIFT)),
          new Backward() {
            private INDArray kept;

            @Override
            public INDArray inputGradient(INDArray outputGradient) {
              kept = around(outputGradient, pass.memory());
              return middle(kept, outputGradient.shape());
            }

            @Override
            public void weightGradient(INDArray outputGradient, Parameters gradients) {
              add(middle(kept, outputGradient.shape()), gradients);
            }
          });
    }

    private static INDArray around(INDArray array, Memory memory) {
      INDArray large = memory.array(DataType.FLOAT, 3 * array.length()).assign(0);
      middle(large, array.shape()).assign(array);
      return large;
    }

    private static INDArray middle(INDArray large, long[] shape) {
      long from = large.length() / 3;
      return Nd4j.create(large.data(), shape, new long[] {shape[1], 1}, from, 'c');
    }
  }
}
