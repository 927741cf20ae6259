package io.penstock.examples;

import io.penstock.nn.Losses;
import io.penstock.nn.NetworkBuilder;
import io.penstock.nn.Parameters;
import io.penstock.nn.Sequential;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A trained network that says which id comes next, on the driver.
 *
 * @param network takes sequences of ids, gives a score of every id at every place
 * @param parameters its weights, by layer
 */
record LanguageModel(Sequential network, List<Parameters> parameters) {

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
   * With the weights that a run ended with.
   *
   * @param weights by layer; layers without any are left out
   */
  static LanguageModel of(Sequential network, Map<Integer, float[]> weights) {
    List<Parameters> parameters = new ArrayList<>();
    for (int layer = 0; layer < network.layers().size(); layer++) {
      Parameters own = Parameters.zeros(network.parameters(layer));
      if (own.size() > 0) {
        own.flat().assign(Nd4j.createFromArray(weights.get(layer)).reshape(own.flat().shape()));
        own.changed();
      }
      parameters.add(own);
    }
    return new LanguageModel(network, parameters);
  }

  /** The power of e of the mean loss of an id: of so many equally likely ids it has to choose. */
  double perplexity(TokenWindows text) {
    double loss = 0;
    long count = 0;
    for (int i = 0; i < text.count(); i++) {
      double[][] scores = scores(text.window(i));
      int[] next = text.next(i);
      for (int place = 0; place < next.length; place++) {
        loss -= Math.log(softmax(scores[place], 1)[next[place]]);
        count++;
      }
    }
    return Math.exp(loss / count);
  }

  /**
   * Goes on with a text, one id after the other, each drawn by its probability.
   *
   * @param start ids to begin with, one or more
   * @param count how many to add
   * @param temperature scores are divided by it: below 1 the likely become likelier
   * @return the start and what was added
   */
  int[] sample(int[] start, int count, double temperature, long seed) {
    Random random = new Random(seed);
    int longest = Math.toIntExact(network.input().size());
    int[] ids = Arrays.copyOf(start, start.length + count);
    for (int end = start.length; end < ids.length; end++) {
      double[][] scores = scores(Arrays.copyOfRange(ids, Math.max(0, end - longest), end));
      ids[end] = drawn(softmax(scores[scores.length - 1], temperature), random.nextDouble());
    }
    return ids;
  }

  /** By place, then by id. */
  private double[][] scores(int[] ids) {
    float[] numbers = new float[ids.length];
    for (int i = 0; i < ids.length; i++) {
      numbers[i] = ids[i];
    }
    INDArray input = Nd4j.create(numbers, new long[] {1, ids.length}, 'c');
    INDArray output = network.output(parameters, input);
    return output.reshape('c', ids.length, output.size(2)).toDoubleMatrix();
  }

  private static double[] softmax(double[] scores, double temperature) {
    double most = Arrays.stream(scores).max().orElseThrow();
    double[] powers =
        Arrays.stream(scores).map(score -> Math.exp((score - most) / temperature)).toArray();
    double sum = Arrays.stream(powers).sum();
    return Arrays.stream(powers).map(power -> power / sum).toArray();
  }

  private static int drawn(double[] probabilities, double at) {
    double sum = 0;
    for (int id = 0; id < probabilities.length; id++) {
      sum += probabilities[id];
      if (at < sum) {
        return id;
      }
    }
    return probabilities.length - 1;
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
