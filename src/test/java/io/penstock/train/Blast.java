package io.penstock.train;

import io.penstock.nn.Forward;
import io.penstock.nn.Layer;
import io.penstock.nn.Parameters;
import io.penstock.nn.Pass;
import io.penstock.nn.Shape;
import io.penstock.nn.Weightless;
import io.penstock.nn.network.Sequential;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Layer that hands its input on, but makes a bad number in one micro-batch of some steps.
 *
 * @param way forward or backward, where all or nothing else goes bad
 * @param steps of the run, from 0
 * @param microBatch of those
 * @param number NaN or infinite
 */
record Blast(Way way, LongPredicate steps, int microBatch, double number) implements Layer {
  enum Way {
    /** In the first number of the output. */
    FORWARD,
    /** In the first number of the input's gradient. */
    BACKWARD,
    /** In the gradient of every number of the input that is 0, as a ReLU's is that was below. */
    BACKWARD_OF_ZEROS
  }

  /** A network with this layer before one of its own. */
  Sequel before(Sequential network, int layer) {
    List<Layer> layers = new ArrayList<>(network.layers());
    layers.add(layer, this);
    return new Sequel(new Sequential(network.input(), layers, network.loss()), layer);
  }

  /**
   * @param at the index of the blast
   */
  record Sequel(Sequential network, int at) {}

  @Override
  public Shape outputShape(Shape input) {
    return input;
  }

  @Override
  public long flops(Shape input) {
    return 1;
  }

  @Override
  public boolean hidesNotFinite() {
    return false;
  }

  @Override
  public Forward forward(INDArray input, Parameters parameters, Pass pass) {
    boolean now = pass.training() && steps.test(pass.step()) && pass.microBatch() == microBatch;
    INDArray output = pass.memory().copy(input);
    if (now && way == Way.FORWARD) {
      output.putScalar(0, number);
    }
    return new Forward(
        output,
        new Weightless(
            gradient -> {
              INDArray made = pass.memory().copy(gradient);
              for (long i = 0; now && i < made.length(); i++) {
                boolean first = way == Way.BACKWARD && i == 0;
                boolean zero = way == Way.BACKWARD_OF_ZEROS && input.getDouble(i) == 0;
                if (first || zero) {
                  made.putScalar(i, number);
                }
              }
              return made;
            }));
  }

  @Override
  public String toString() {
    return "Blast[" + way + ", " + number + "]";
  }
}
