package io.penstock.ml;

import io.penstock.Amount;
import io.penstock.train.Outputs;
import java.util.Arrays;
import java.util.Random;

/**
 * Autoregressive sampler: draws the ids that follow a sequence, one after another, each by its
 * probability after the ids before it.
 *
 * @param scorer of the network, which has an output for every id at every position
 * @param longest ids that the network sees at a time: the newest
 */
record TokenSampler(Scorer scorer, int longest) {
  /**
   * Goes on with a sequence: see {@link PipelineParallelSequenceModel#generate}.
   *
   * @throws IllegalArgumentException for no tokens, a negative one or one that the network does not
   *     know, a negative count, or a temperature that is negative or not finite
   * @throws IllegalStateException if the scores are not finite, for the weights are too large
   */
  int[] continued(int[] tokens, int count, double temperature, long seed) {
    if (tokens.length == 0 || count < 0 || !(temperature >= 0 && temperature < 1 / 0.0)) {
      throw new IllegalArgumentException(
          "generate was given "
              + new Amount(tokens.length, "token")
              + ", count "
              + count
              + " and temperature "
              + temperature
              + "; it needs one token at least, and a count and a finite temperature of at least"
              + " 0.");
    }
    checkIds(tokens);
    Random random = new Random(seed);
    int[] ids = Arrays.copyOf(tokens, tokens.length + count);
    for (int end = tokens.length; end < ids.length; end++) {
      float[] seen = new float[Math.min(end, longest)];
      for (int i = 0; i < seen.length; i++) {
        seen[i] = ids[end - seen.length + i];
      }
      Outputs outputs = scorer.outputs(seen, 1, false);
      checkScores(outputs, seen.length);
      ids[end] =
          new Likelihoods(outputs.at(0, seen.length - 1)).drawn(temperature, random.nextDouble());
    }
    return ids;
  }

  private void checkIds(int[] tokens) {
    long vocabulary = scorer.vocabulary().orElse(Long.MAX_VALUE);
    for (int i = 0; i < tokens.length; i++) {
      if (tokens[i] < 0) {
        throw new IllegalArgumentException(
            "Token "
                + i
                + " given to generate is "
                + tokens[i]
                + "; ids are whole numbers from 0 on: leave padding out.");
      }
      if (tokens[i] >= vocabulary) {
        throw new IllegalArgumentException(
            "Token "
                + i
                + " given to generate is "
                + tokens[i]
                + ", which is not one of the embedding's "
                + new Amount(vocabulary, "id")
                + "; give ids from 0 to "
                + (vocabulary - 1)
                + ".");
      }
    }
  }

  private void checkScores(Outputs outputs, int tokens) {
    outputs
        .notFinite(0, tokens)
        .ifPresent(
            score -> {
              throw new IllegalStateException(
                  "The scores of what follows "
                      + new Amount(tokens, "token")
                      + " are not finite ("
                      + score
                      + "): "
                      + scorer.overflow());
            });
  }
}
