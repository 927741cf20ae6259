package io.penstock.gpucheck;

import io.penstock.compute.Recurrences;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Cells of recurrent layers in double precision, unit by unit. Stateless. */
final class ReferenceRecurrences implements Recurrences {
  /** Gates of rows, side by side. */
  private record Gates(Doubles numbers, int count, long width) {
    static Gates of(INDArray array, int count) {
      return new Gates(Doubles.of(array), count, array.size(1) / count);
    }

    private long place(int gate, long unit) {
      return (unit / width * count + gate) * width + unit % width;
    }

    double get(int gate, long unit) {
      return numbers.get(place(gate, unit));
    }

    void put(int gate, long unit, double value) {
      numbers.put(place(gate, unit), value);
    }
  }

  private static double slope(double open) {
    return open * (1 - open);
  }

  private static double orZero(INDArray before, long unit) {
    return before == null ? 0 : Doubles.of(before).get(unit);
  }

  @Override
  public void lstm(
      INDArray gates, INDArray before, INDArray cells, INDArray squashed, INDArray output) {
    Gates own = Gates.of(gates, 4);
    for (long unit = 0; unit < output.length(); unit++) {
      for (int gate = 0; gate < 3; gate++) {
        own.put(gate, unit, ReferenceActivations.sigmoid(own.get(gate, unit)));
      }
      own.put(3, unit, Math.tanh(own.get(3, unit)));
      double cell = own.get(0, unit) * own.get(3, unit) + own.get(1, unit) * orZero(before, unit);
      Doubles.of(cells).put(unit, cell);
      Doubles.of(squashed).put(unit, Math.tanh(cell));
      Doubles.of(output).put(unit, own.get(2, unit) * Math.tanh(cell));
    }
  }

  @Override
  public void lstmGradient(
      INDArray gates,
      INDArray before,
      INDArray squashed,
      INDArray outputGradient,
      INDArray cellGradient,
      INDArray gateGradient) {
    Gates own = Gates.of(gates, 4);
    Gates to = Gates.of(gateGradient, 4);
    for (long unit = 0; unit < squashed.length(); unit++) {
      double in = own.get(0, unit);
      double forget = own.get(1, unit);
      double out = own.get(2, unit);
      double candidate = own.get(3, unit);
      double shown = Doubles.of(squashed).get(unit);
      double wanted = Doubles.of(outputGradient).get(unit);
      double cell = Doubles.of(cellGradient).get(unit) + (1 - shown * shown) * wanted * out;
      to.put(0, unit, slope(in) * candidate * cell);
      to.put(1, unit, slope(forget) * orZero(before, unit) * cell);
      to.put(2, unit, slope(out) * shown * wanted);
      to.put(3, unit, (1 - candidate * candidate) * in * cell);
      Doubles.of(cellGradient).put(unit, cell * forget);
    }
  }

  @Override
  public void gru(INDArray gates, INDArray states, INDArray before, INDArray output) {
    Gates own = Gates.of(gates, 3);
    Gates last = Gates.of(states, 3);
    for (long unit = 0; unit < output.length(); unit++) {
      double reset = ReferenceActivations.sigmoid(own.get(0, unit) + last.get(0, unit));
      double update = ReferenceActivations.sigmoid(own.get(1, unit) + last.get(1, unit));
      double candidate = Math.tanh(own.get(2, unit) + reset * last.get(2, unit));
      own.put(0, unit, reset);
      own.put(1, unit, update);
      own.put(2, unit, candidate);
      double kept = update * (orZero(before, unit) - candidate);
      Doubles.of(output).put(unit, candidate + kept);
    }
  }

  @Override
  public void gruGradient(
      INDArray gates,
      INDArray states,
      INDArray before,
      INDArray outputGradient,
      INDArray fromInputs,
      INDArray fromStates,
      INDArray beforeGradient) {
    Gates own = Gates.of(gates, 3);
    Gates last = Gates.of(states, 3);
    Gates inputs = Gates.of(fromInputs, 3);
    Gates outputs = Gates.of(fromStates, 3);
    for (long unit = 0; unit < outputGradient.length(); unit++) {
      double reset = own.get(0, unit);
      double update = own.get(1, unit);
      double candidate = own.get(2, unit);
      double wanted = Doubles.of(outputGradient).get(unit);
      double ofUpdate = slope(update) * (orZero(before, unit) - candidate) * wanted;
      double ofCandidate = (1 - candidate * candidate) * (1 - update) * wanted;
      double ofReset = slope(reset) * ofCandidate * last.get(2, unit);
      inputs.put(0, unit, ofReset);
      inputs.put(1, unit, ofUpdate);
      inputs.put(2, unit, ofCandidate);
      outputs.put(0, unit, ofReset);
      outputs.put(1, unit, ofUpdate);
      outputs.put(2, unit, ofCandidate * reset);
      Doubles.of(beforeGradient).put(unit, wanted * update);
    }
  }
}
