package io.penstock.nn;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The losses that there are. */
public enum Losses implements Loss {
  /**
   * Softmax and cross-entropy with the class number: outputs {@code [rows, classes]} before the
   * softmax, labels {@code [rows, 1]}. Exponentials and sums are in double precision.
   */
  SOFTMAX_CROSS_ENTROPY {
    @Override
    public double score(INDArray output, INDArray labels) {
      double[][] logits = output.toDoubleMatrix();
      double sum = 0;
      for (int row = 0; row < logits.length; row++) {
        sum += logSumExp(logits[row]) - logits[row][label(labels, row)];
      }
      return sum;
    }

    @Override
    public INDArray gradient(INDArray output, INDArray labels, double scale) {
      double[][] gradient = probabilities(output);
      for (int row = 0; row < gradient.length; row++) {
        gradient[row][label(labels, row)] -= 1;
        for (int i = 0; i < gradient[row].length; i++) {
          gradient[row][i] *= scale;
        }
      }
      return Nd4j.create(gradient).castTo(output.dataType()).dup('f');
    }

    @Override
    public INDArray prediction(INDArray output) {
      return Nd4j.create(probabilities(output)).castTo(output.dataType()).dup('f');
    }

    @Override
    public int labelWidth(Shape output) {
      return 1;
    }

    @Override
    public void checkOutput(Shape output) {
      super.checkOutput(output);
      if (output.size() < 2) {
        throw new ShapeException(
            "Softmax cross-entropy needs an output per class, at least 2, not " + output + ".");
      }
    }
  },

  /** The mean over a row's outputs of (output − label)²; labels have the outputs' shape. */
  SQUARED_ERROR {
    @Override
    public double score(INDArray output, INDArray labels) {
      double[][] outputs = output.toDoubleMatrix();
      double[][] wanted = labels.toDoubleMatrix();
      double sum = 0;
      for (int row = 0; row < outputs.length; row++) {
        for (int i = 0; i < outputs[row].length; i++) {
          double error = outputs[row][i] - wanted[row][i];
          sum += error * error / outputs[row].length;
        }
      }
      return sum;
    }

    @Override
    public INDArray gradient(INDArray output, INDArray labels, double scale) {
      return output.dup('f').subi(labels).muli(2 * scale / output.size(1));
    }

    @Override
    public INDArray prediction(INDArray output) {
      return output;
    }

    @Override
    public int labelWidth(Shape output) {
      return Math.toIntExact(output.size());
    }
  };

  @Override
  public void checkOutput(Shape output) {
    if (output.rank() != 1) {
      throw new ShapeException(
          this + " needs output rows of one dimension, not " + output + ". End with flatten().");
    }
  }

  private static int label(INDArray labels, int row) {
    return (int) labels.getDouble(row, 0);
  }

  private static double logSumExp(double[] logits) {
    double max = Double.NEGATIVE_INFINITY;
    for (double logit : logits) {
      max = Math.max(max, logit);
    }
    double sum = 0;
    for (double logit : logits) {
      sum += Math.exp(logit - max);
    }
    return max + Math.log(sum);
  }

  private static double[][] probabilities(INDArray output) {
    double[][] rows = output.toDoubleMatrix();
    for (double[] row : rows) {
      double log = logSumExp(row);
      for (int i = 0; i < row.length; i++) {
        row[i] = Math.exp(row[i] - log);
      }
    }
    return rows;
  }
}
