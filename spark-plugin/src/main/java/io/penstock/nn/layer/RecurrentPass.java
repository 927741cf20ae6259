package io.penstock.nn.layer;

import io.penstock.compute.Compute;
import io.penstock.compute.Memory;
import io.penstock.compute.Products;
import io.penstock.compute.Recurrences;
import io.penstock.compute.Rows;
import io.penstock.nn.Backward;
import io.penstock.nn.Parameters;
import io.penstock.nn.Pass;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Forward and backward pass of a micro-batch through a {@link Recurrent} layer: keeps inputs, gates
 * and outputs of all steps. For one thread at a time. What inputs give to the gates is one product
 * for all steps, and so are the gradients of both matrices; what states give goes from step to
 * step.
 */
abstract class RecurrentPass implements Backward {
  /** Name of the weights from inputs to gates, {@code [in, gates · width]}. */
  static final String WEIGHTS = "weights";

  static final String BIAS = "bias";

  /** Name of the weights from the last output to gates, {@code [width, gates · width]}. */
  static final String STATE = "state";

  /** What reads the gates, in words. */
  private static final String GATES = "its gates";

  final Parameters parameters;
  final Memory memory;
  final TimeSteps inputs;
  final TimeSteps gates;
  final TimeSteps outputs;
  private final BackwardHalves<Gradients> gateGradients = new BackwardHalves<>(this::gateGradients);

  /**
   * Gradients of what inputs and states give to the gates.
   *
   * @param fromStates may be the same
   */
  record Gradients(TimeSteps fromInputs, TimeSteps fromStates) {}

  RecurrentPass(INDArray input, long width, int gatesOfUnit, Parameters parameters, Memory memory) {
    this.parameters = parameters;
    this.memory = memory;
    inputs = TimeSteps.of(input, memory);
    gates = TimeSteps.like(input, gatesOfUnit * width, memory);
    outputs = TimeSteps.like(input, width, memory);
  }

  /** Writes the output of a step; the gates hold what the inputs give. */
  abstract void step(long step);

  /** Computes the gradients of a whole sequence, from its end; see {@link Gradients}. */
  abstract Gradients gateGradients(INDArray outputGradient);

  /** Computes the outputs, {@code [rows, length, width]}. */
  INDArray forward(Pass pass) {
    products()
        .rows(inputs.array(), parameters, WEIGHTS, false, parameters.get(BIAS), gates.array());
    // What comes from states is finite: they are at most 1 in size.
    if (pass.looksLater()) {
      pass.show(GATES, gates.array());
    } else if (!rows().squaresAreFinite(gates.array())) {
      pass.show(GATES, gates.sequences(memory));
    }
    for (long s = 0; s < gates.count(); s++) {
      step(s);
    }
    return outputs.sequences(memory);
  }

  @Override
  public INDArray inputGradient(INDArray outputGradient) {
    TimeSteps result = new TimeSteps(memory.like(inputs.array()));
    INDArray gradient = gateGradients.compute(outputGradient).fromInputs.array();
    products().rows(gradient, parameters, WEIGHTS, true, null, result.array());
    return result.sequences(memory);
  }

  @Override
  public void weightGradient(INDArray outputGradient, Parameters gradients) {
    weightGradient(gateGradients.get(outputGradient), gradients);
  }

  void weightGradient(Gradients gradient, Parameters gradients) {
    INDArray fromInputs = gradient.fromInputs.array();
    products().weightGradient(inputs.array(), fromInputs, gradients.get(WEIGHTS));
    rows().addUp(fromInputs, gradients.get(BIAS));
    long later = outputs.count() - 1;
    if (later > 0) {
      products()
          .weightGradient(
              outputs.some(0, later), gradient.fromStates.some(1, later), gradients.get(STATE));
    }
  }

  /** Adds to a step what the last output gives. */
  void addState(long step, TimeSteps result) {
    if (step > 0) {
      products()
          .multiply(outputs.at(step - 1), false, parameters.get(STATE), false, result.at(step), 1);
    }
  }

  /** Adds to the gradient of a step's output what comes back from the next step's gates. */
  void addLater(long step, TimeSteps fromStates, INDArray outputGradient) {
    products()
        .multiply(fromStates.at(step + 1), false, parameters.get(STATE), true, outputGradient, 1);
  }

  final Products products() {
    return compute().products();
  }

  final Rows rows() {
    return compute().rows();
  }

  final Recurrences recurrences() {
    return compute().recurrences();
  }

  private Compute compute() {
    return memory.compute(gates.array());
  }
}
