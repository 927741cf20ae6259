package io.penstock.compute.cuda;

import io.penstock.compute.Losses;
import io.penstock.compute.SoftmaxBlock;
import io.penstock.compute.Vectors;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Softmax cross-entropy by the kernels of {@code losses.cu}: labels and weights go up to the
 * device, and of the loss one number comes down. For one thread.
 */
final class CudaLosses implements Losses {
  // Slots of scratch memory.
  private static final int LABELS = 0;
  private static final int WEIGHTS = 1;
  private static final int EACH = 2;
  private static final int SUM = 3;

  /** Floats that hold a number in double precision. */
  private static final int DOUBLE = 2;

  private final Launcher launcher;

  CudaLosses(Launcher launcher) {
    this.launcher = launcher;
  }

  @Override
  public double softmaxCrossEntropy(
      INDArray logits, Targets targets, double smoothing, double scale, INDArray gradient) {
    int rows = targets.count();
    if (rows == 0) {
      return 0;
    }
    long classes = Vectors.width(logits);
    INDArray losses = launcher.scratch(EACH, (long) DOUBLE * rows);
    begin("softmax_cross_entropy", logits, targets);
    orNothing(gradient).array(losses).whole(rows).whole(classes).precise(smoothing).precise(scale);
    Team.of(classes).launch(launcher, rows);
    return sum(losses, rows);
  }

  @Override
  public double blockCrossEntropy(
      INDArray states,
      Targets targets,
      int classes,
      double smoothing,
      double scale,
      INDArray gradient) {
    int rows = targets.count();
    if (rows == 0) {
      return 0;
    }
    INDArray losses = launcher.scratch(EACH, (long) DOUBLE * rows);
    begin("state_cross_entropy", states, targets);
    orNothing(gradient)
        .array(losses)
        .whole(rows)
        .whole(classes)
        .precise(smoothing)
        .precise(scale)
        .each(rows);
    return sum(losses, rows);
  }

  /** Begins a launch with outputs, and the labels and weights of their rows. */
  private void begin(String kernel, INDArray outputs, Targets targets) {
    int[] labels = new int[targets.count()];
    float[] weights = new float[labels.length];
    for (int row = 0; row < labels.length; row++) {
      labels[row] = targets.label(row);
      weights[row] = labels[row] < 0 ? 0 : (float) targets.weight(row);
    }
    INDArray classOf = launcher.upload(LABELS, labels);
    INDArray weightOf = launcher.upload(WEIGHTS, weights);
    launcher.kernel(kernel).array(outputs).array(classOf).array(weightOf);
  }

  @Override
  public double numbers(
      Difference difference,
      double parameter,
      INDArray outputs,
      WantedNumbers wanted,
      double scale,
      INDArray gradient) {
    int rows = Math.toIntExact(outputs.size(0));
    if (rows == 0) {
      return 0;
    }
    long width = outputs.size(1);
    float[] labels = new float[Math.toIntExact(rows * width)];
    for (int place = 0; place < labels.length; place++) {
      labels[place] = (float) wanted.label(place);
    }
    float[] weights = new float[rows];
    for (int row = 0; row < rows; row++) {
      weights[row] = (float) wanted.weight(row);
    }
    INDArray labelOf = launcher.upload(LABELS, labels);
    INDArray weightOf = launcher.upload(WEIGHTS, weights);
    INDArray losses = launcher.scratch(EACH, (long) DOUBLE * rows);
    launcher.kernel("number_loss").array(outputs).array(labelOf).array(weightOf);
    orNothing(gradient)
        .array(losses)
        .whole(rows)
        .whole(width)
        .choice(difference.ordinal())
        .precise(parameter)
        .precise(scale);
    Team.of(width).launch(launcher, rows);
    return sum(losses, rows) / width;
  }

  private double sum(INDArray losses, int rows) {
    INDArray sum = launcher.scratch(SUM, DOUBLE);
    launcher.kernel("sum_of_losses").array(losses).array(sum).whole(rows).blocks(1, Team.LARGEST);
    float[] parts = launcher.download(sum);
    return (double) parts[0] + parts[1];
  }

  @Override
  public void takeBlock(INDArray logits, SoftmaxBlock block) {
    int rows = block.columns().length;
    if (rows == 0) {
      return;
    }
    long columns = Vectors.width(logits);
    INDArray labels = launcher.upload(LABELS, block.columns());
    launcher.kernel("take_block").array(logits).array(labels);
    orNothing(block.before())
        .array(block.after())
        .array(block.shares())
        .whole(rows)
        .whole(columns)
        .whole(block.first());
    Team.of(columns).launch(launcher, rows);
  }

  @Override
  public void blockGradient(
      INDArray softmax,
      SoftmaxBlock block,
      INDArray stateGradient,
      INDArray gradient,
      INDArray before) {
    int rows = block.columns().length;
    if (rows == 0) {
      return;
    }
    long columns = Vectors.width(softmax);
    INDArray labels = launcher.upload(LABELS, block.columns());
    launcher.kernel("block_gradient").array(softmax).array(labels);
    orNothing(block.before())
        .array(block.after())
        .array(block.shares())
        .array(stateGradient)
        .array(gradient);
    orNothing(before).whole(rows).whole(columns);
    Team.of(columns).launch(launcher, rows);
  }

  private Launcher orNothing(INDArray array) {
    return array == null ? launcher.nothing() : launcher.array(array);
  }
}
