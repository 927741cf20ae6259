package io.penstock.compute;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/** A normalisation by loops: a number's group has one mean, its weight one scale and shift. */
record Loops(double[] x, IntUnaryOperator group, IntUnaryOperator weight) {
  double[] means(int groups) {
    return means(groups, x);
  }

  double[] means(int groups, double[] of) {
    double[] sums = new double[groups];
    for (int i = 0; i < of.length; i++) {
      sums[group.applyAsInt(i)] += of[i];
    }
    return Arrays.stream(sums).map(sum -> sum * groups / of.length).toArray();
  }

  double[] variances(double[] means) {
    double[] squares = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      squares[i] = Math.pow(x[i] - means[group.applyAsInt(i)], 2);
    }
    return means(means.length, squares);
  }

  double[] normal(double[] means, double[] variances) {
    double[] normal = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      int g = group.applyAsInt(i);
      normal[i] = (x[i] - means[g]) / Math.sqrt(variances[g] + NormsContractTest.EPSILON);
    }
    return normal;
  }

  double[] output(double[] means, double[] variances, double[] scale, double[] shift) {
    double[] output = normal(means, variances);
    for (int i = 0; i < x.length; i++) {
      output[i] = output[i] * scale[weight.applyAsInt(i)] + shift[weight.applyAsInt(i)];
    }
    return output;
  }

  double[] inputGradient(
      double[] means, double[] variances, boolean given, double[] scale, double[] gradient) {
    double[] normal = normal(means, variances);
    double[] scaled = new double[x.length];
    double[] along = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      scaled[i] = gradient[i] * scale[weight.applyAsInt(i)];
      along[i] = scaled[i] * normal[i];
    }
    double[] level = means(means.length, scaled);
    double[] slope = means(means.length, along);
    double[] result = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      int g = group.applyAsInt(i);
      double own = given ? scaled[i] : scaled[i] - level[g] - normal[i] * slope[g];
      result[i] = own / Math.sqrt(variances[g] + NormsContractTest.EPSILON);
    }
    return result;
  }

  /** Each number's gradient, times the normalised number if so said, added up by weight. */
  double[] weightGradient(int weights, double[] gradient, double[] times) {
    double[] sums = new double[weights];
    for (int i = 0; i < x.length; i++) {
      sums[weight.applyAsInt(i)] += gradient[i] * (times == null ? 1 : times[i]);
    }
    return sums;
  }
}
