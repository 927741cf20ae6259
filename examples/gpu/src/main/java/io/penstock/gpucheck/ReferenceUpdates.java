package io.penstock.gpucheck;

import io.penstock.compute.Updates;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Optimizer steps in double precision, as {@link Updates} writes them down. Stateless. */
final class ReferenceUpdates implements Updates {
  @Override
  public void step(Rule rule, INDArray state, INDArray gradient, INDArray weights) {
    Doubles g = Doubles.of(gradient);
    Doubles w = Doubles.of(weights);
    Doubles s = Doubles.orNull(state);
    long count = w.length();
    for (long i = 0; i < count; i++) {
      w.add(i, change(rule, s, i, count, g.get(i)));
    }
  }

  /** Changes the state of one weight, and returns what the weight changes by. */
  private static double change(Rule rule, Doubles state, long i, long count, double g) {
    if (rule instanceof Sgd sgd) {
      return -sgd.rate() * g;
    } else if (rule instanceof Nesterovs r) {
      double before = state.get(i);
      double velocity = r.momentum() * before - r.rate() * g;
      state.put(i, velocity);
      return (1 + r.momentum()) * velocity - r.momentum() * before;
    } else if (rule instanceof Adam r) {
      double first = first(state, i, r.beta1(), g);
      double second = second(state, count + i, r.beta2(), g);
      return -r.rate() * first / (Math.sqrt(second) + r.epsilon());
    } else if (rule instanceof Nadam r) {
      double first = r.beta1() * first(state, i, r.beta1(), g) + (1 - r.beta1()) * g;
      double second = second(state, count + i, r.beta2(), g);
      return -r.rate() * first / (Math.sqrt(second) + r.epsilon());
    }
    AmsGrad r = (AmsGrad) rule;
    double first = first(state, i, r.beta1(), g);
    double second = second(state, count + i, r.beta2(), g);
    double largest = Math.max(state.get(2 * count + i), second);
    state.put(2 * count + i, largest);
    return -r.rate() * first / (Math.sqrt(largest) + r.epsilon());
  }

  private static double first(Doubles state, long place, double beta, double g) {
    state.put(place, beta * state.get(place) + (1 - beta) * g);
    return state.get(place);
  }

  private static double second(Doubles state, long place, double beta, double g) {
    state.put(place, beta * state.get(place) + (1 - beta) * g * g);
    return state.get(place);
  }

  @Override
  public void clip(INDArray gradient, double limit) {
    Doubles g = Doubles.of(gradient);
    for (long i = 0; i < g.length(); i++) {
      double one = g.get(i);
      g.put(i, one > limit ? limit : Math.max(one, -limit));
    }
  }
}
