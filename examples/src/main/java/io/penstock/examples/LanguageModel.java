package io.penstock.examples;

import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.NetworkBuilder;
import io.penstock.nn.network.Sequential;
import java.util.Arrays;

/** What is known of language models: a small one, and what it is to be measured against. */
final class LanguageModel {
  private LanguageModel() {}

  /**
   * A small GPT: embedding, learned positions, causal transformer blocks with four numbers between
   * their dense layers for each of the width, layer normalisation and a projection to scores
   * (Radford et al. 2019, "Language models are unsupervised multitask learners").
   */
  static Sequential gpt(int vocabulary, int length, int width, int blocks, int heads) {
    NetworkBuilder network =
        Sequential.input(length).embedding(vocabulary, width).positions(length);
    for (int block = 0; block < blocks; block++) {
      network.transformerBlock(heads, 4L * width, true, 0);
    }
    return network.layerNorm().dense(vocabulary).loss(Losses.softmaxCrossEntropy()).build();
  }

  /**
   * The perplexity of a model that knows how frequent each id is, and no more: what is to be
   * beaten. Every id counts as seen once more than it was.
   *
   * @param vocabulary how many ids there are
   */
  static double unigramPerplexity(int[] train, TokenWindows text, int vocabulary) {
    double[] seen = new double[vocabulary];
    Arrays.fill(seen, 1);
    for (int id : train) {
      seen[id]++;
    }
    double loss = 0;
    long count = 0;
    for (int i = 0; i < text.count(); i++) {
      for (int id : text.next(i)) {
        loss -= Math.log(seen[id] / (train.length + vocabulary));
        count++;
      }
    }
    return Math.exp(loss / count);
  }
}
