package io.penstock.ml;

import io.penstock.Amount;
import java.util.Arrays;

/**
 * Probabilities of the ids at one position of a sequence, in double precision.
 *
 * @param scores the network's, whose softmax the probabilities are
 */
record Likelihoods(double[] scores) {
  /** The id with the highest score; the first of equals. */
  int likeliest() {
    int best = 0;
    for (int id = 1; id < scores.length; id++) {
      best = scores[id] > scores[best] ? id : best;
    }
    return best;
  }

  /**
   * The natural logarithm of an id's probability.
   *
   * @throws IllegalArgumentException if there is no such id
   */
  double logOf(long id) {
    if (id < 0 || id >= scores.length) {
      throw new IllegalArgumentException(
          "The label "
              + id
              + " is no id of the model's: with "
              + new Amount(scores.length, "output")
              + " they are 0 to "
              + (scores.length - 1)
              + ". Map unknown tokens to one id, or set logLikelihoodCol and perplexityCol empty.");
    }
    double max = scores[likeliest()];
    double sum = 0;
    for (double score : scores) {
      sum += Math.exp(score - max);
    }
    return scores[(int) id] - max - Math.log(sum);
  }

  /**
   * An id by its probability.
   *
   * @param temperature scores are divided by it: below 1 the likely become likelier; 0 for the
   *     likeliest
   * @param at from 0 to 1: the share of all probability that lies before the id
   */
  int drawn(double temperature, double at) {
    if (temperature == 0) {
      return likeliest();
    }
    double max = scores[likeliest()];
    double[] powers =
        Arrays.stream(scores).map(score -> Math.exp((score - max) / temperature)).toArray();
    double wanted = at * Arrays.stream(powers).sum();
    double sum = 0;
    for (int id = 0; id < powers.length; id++) {
      sum += powers[id];
      if (wanted < sum) {
        return id;
      }
    }
    return likeliest(); // rounding
  }
}
