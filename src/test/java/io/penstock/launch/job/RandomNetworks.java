package io.penstock.launch.job;

import io.penstock.nn.layer.Activation;
import io.penstock.nn.layer.Dense;
import io.penstock.nn.layer.Pooling;
import io.penstock.nn.layer.Window;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.NetworkBuilder;
import io.penstock.nn.network.Sequential;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;

/** Random networks by the kind of their rows. */
enum RandomNetworks {
  NUMBERS {
    @Override
    Sequential next(Random random) {
      NetworkBuilder network = Sequential.input(INPUTS);
      int width = any(random, WIDTHS);
      Deque<String> saved = new ArrayDeque<>();
      network.dense(width, Activation.TANH);
      for (int i = random.nextInt(9); i >= 0; i--) {
        switch (random.nextInt(10)) {
          case 0 -> network.dropout(0.1);
          case 1 -> network.layerNorm();
          case 2 -> network.batchNorm();
          case 3 -> network.residual(Dense.of(width), Dense.of(width));
          case 4 -> {
            saved.push("s" + i);
            network.save(saved.peek());
          }
          case 5 -> {
            if (!saved.isEmpty()) {
              network.addSaved(saved.pop());
            }
          }
          default -> {
            width = saved.isEmpty() && random.nextBoolean() ? any(random, WIDTHS) : width;
            network.dense(width, random.nextBoolean() ? Activation.RELU : Activation.GELU);
          }
        }
      }
      while (!saved.isEmpty()) {
        network.addSaved(saved.pop());
      }
      return ended(network.dense(CLASSES));
    }
  },

  /** Pictures or signals of 64 numbers. */
  PICTURES {
    @Override
    Sequential next(Random random) {
      boolean flat = random.nextInt(4) == 0;
      int channels = any(random, 1, 4, 16);
      int side = flat ? PIXELS / channels : (int) Math.sqrt(PIXELS / (double) channels);
      NetworkBuilder network =
          flat ? Sequential.input(channels, side) : Sequential.input(channels, side, side);
      for (int i = random.nextInt(5); i >= 0; i--) {
        Window three = flat ? Window.of(3) : Window.of(3, 3);
        Window two = flat ? Window.of(2) : Window.of(2, 2);
        switch (random.nextInt(8)) {
          case 0 -> network.batchNorm();
          case 1 -> network.dropout(0.1);
          case 2 -> network.maxPool(three.withStride(1).withPadding(1));
          case 3 -> {
            if (side >= 2) {
              side /= 2;
              network.layer(new Pooling(Pooling.Kind.values()[random.nextInt(2)], two.apart()));
            }
          }
          case 4 -> network.activation(Activation.GELU);
          default ->
              network.convolution(
                  any(random, 2, 6, 8, 16, 24, 32, 40), three.same(), Activation.RELU);
        }
      }
      switch (random.nextInt(3)) {
        case 0 -> network.globalMaxPool();
        case 1 -> network.globalAveragePool();
        default -> network.flatten();
      }
      return ended(network.dense(CLASSES));
    }
  },

  /** Sequences of up to 8 to 32 ids, with a class for each or for all together. */
  TOKENS {
    @Override
    Sequential next(Random random) {
      int length = any(random, 8, 12, 16, 32);
      int vocabulary = any(random, 20, 100, 500);
      int first = any(random, 8, 16, 32, 64);
      int width = first;
      NetworkBuilder network = Sequential.input(length).embedding(vocabulary, width);
      if (random.nextBoolean()) {
        network.positions(length);
      }
      for (int i = random.nextInt(5); i >= 0; i--) {
        boolean causal = random.nextBoolean();
        int heads = any(random, 1, 2, 4, 8);
        switch (random.nextInt(9)) {
          case 0, 1 -> network.transformerBlock(heads, 2L * width, causal, random.nextInt(2) * 0.1);
          case 2 -> network.selfAttention(heads, causal);
          case 3 -> network.lstm(width = any(random, 8, 16, 32, 64));
          case 4 -> network.gru(width = any(random, 8, 16, 32, 64));
          case 5 -> network.layerNorm();
          case 6 -> network.residual(Dense.of(width), Dense.of(width));
          case 7 -> network.dropout(0.1);
          default -> network.dense(width = any(random, 8, 16, 32, 64), Activation.GELU);
        }
      }
      switch (random.nextInt(4)) {
        case 0 -> network.lastStep().dense(CLASSES);
        case 1 -> (width == first ? network : network.dense(first)).tiedDense(0, vocabulary);
        default -> network.dense(vocabulary).splitOutput(any(random, 1, 2, 3, 4));
      }
      return ended(network);
    }
  };

  private static final int INPUTS = 16;
  private static final int PIXELS = 64;
  static final int CLASSES = 4;
  private static final int[] WIDTHS = {32, 64, 100, 128, 256, 300, 512};

  abstract Sequential next(Random random);

  static int any(Random random, int... of) {
    return of[random.nextInt(of.length)];
  }

  private static Sequential ended(NetworkBuilder network) {
    return network.loss(Losses.softmaxCrossEntropy()).build();
  }
}
