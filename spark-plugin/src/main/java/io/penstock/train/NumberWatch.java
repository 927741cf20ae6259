package io.penstock.train;

import io.penstock.array.Loan;
import io.penstock.array.NativeArrays;
import io.penstock.compute.MicroBatchArena;
import io.penstock.compute.Rows;
import io.penstock.compute.Workspace;
import io.penstock.link.LinkPrecision;
import io.penstock.nn.Forward;
import io.penstock.nn.NotFinite;
import io.penstock.nn.Parameters;
import io.penstock.nn.Skip;
import io.penstock.nn.network.ForwardPass;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Check for divergence: throws at the first number that is NaN or infinite. It looks at what a
 * stage makes, before another stage gets it: its output and its input gradient in every
 * micro-batch, so that the stage in which such a number came up is the one that finds it; and at
 * the end of a step each layer's gradient and what the update makes of its weights. Each look is
 * one pass of BLAS and changes nothing; which layer of a stage it was is found out only when there
 * is something to find. Where ranks find such numbers at the same time and the run ends, whoever is
 * heard first is told.
 *
 * <p>For the rank's thread.
 */
final class NumberWatch {
  private static final String RATE =
      " Try a smaller learning rate (stepSize), gradients cut by clipNorm, or features of about 1"
          + " in size (StandardScaler).";

  private static final String BEFORE = "the stage before: ";
  private static final String BEHIND = "the stage behind: ";

  private final Sequential network;
  private final TrainingPlan plan;
  private final Workspace workspace;
  private String of = "";
  private int epoch;
  private int step;
  private int steps;

  NumberWatch(Sequential network, TrainingPlan plan, Workspace workspace) {
    this.network = network;
    this.plan = plan;
    this.workspace = workspace;
  }

  /**
   * Begins a mini-batch of an epoch, all counted from 0.
   *
   * @param of the rows' name in messages: empty for the rows that are trained on
   * @param steps how many the epoch has
   */
  void at(String of, int epoch, int step, int steps) {
    this.of = of;
    this.epoch = epoch;
    this.step = step;
    this.steps = steps;
  }

  /**
   * Looks at a stage's output, and at what its layers may have hidden.
   *
   * @param input what the output was made of; still the stage's
   * @param saved by earlier stages, of which it was made too
   * @throws DivergedException if a number is not finite, naming the first layer that made such
   */
  void output(Stage stage, int microBatch, Loan input, Map<Skip, Loan> saved, INDArray output) {
    stage.looks().at(output);
    if (!stage.looks().found()) {
      return;
    }
    INDArray x = stage.first() == 0 ? network.shaped(input.array()) : input.array();
    arrived(stage, microBatch, x);
    Map<Skip, INDArray> all = new HashMap<>();
    saved.forEach((skip, loan) -> all.put(skip, loan.array()));
    all.values().forEach(array -> arrived(stage, microBatch, array));
    try (MicroBatchArena arena = workspace.arena()) {
      new ForwardPass(network, stage.first(), stage.end(), stage.weights()::of)
          .run(x, all, stage.pass(microBatch, arena), new Finder(microBatch));
    }
    int last = stage.end() - 1;
    made(last, microBatch, output);
    throw new IllegalStateException("Layer " + last + " has made other numbers the second time.");
  }

  private void arrived(Stage stage, int microBatch, INDArray numbers) {
    Optional<NotFinite> found = NotFinite.in("what came", numbers, rows(numbers));
    if (found.isPresent()) {
      throw diverged(microBatch, 2 * stage.first(), -1, BEFORE + found.get(), link());
    }
  }

  /** Tells of the first layer that made numbers that are not finite, or has such within it. */
  private final class Finder implements ForwardPass.Visitor {
    private final int microBatch;

    Finder(int microBatch) {
      this.microBatch = microBatch;
    }

    @Override
    public void done(int layer, Forward done) {
      made(layer, microBatch, done.output());
    }

    @Override
    public void within(int layer, Object reader, INDArray numbers) {
      made(layer, microBatch, "what comes to " + reader + " within it", numbers);
    }
  }

  private void made(int layer, int microBatch, INDArray output) {
    made(layer, microBatch, "the output", output);
  }

  private void made(int layer, int microBatch, String what, INDArray numbers) {
    NotFinite.in(what, numbers, rows(numbers))
        .ifPresent(
            found -> {
              throw diverged(microBatch, 2 * layer + 1, layer, layer(layer) + found, RATE);
            });
  }

  /**
   * Looks at the loss of a micro-batch, whose outputs are finite, and at its gradient. One that
   * lies on a device is looked at with the gradient that the last stage makes of it: nobody waits
   * for it alone.
   *
   * @param gradient null where there is none
   * @throws DivergedException if one is not finite
   */
  void loss(int microBatch, double score, INDArray gradient) {
    boolean later = gradient == null || NativeArrays.isOnDevice(gradient);
    if (Double.isFinite(score) && later) {
      return;
    }
    Optional<NotFinite> found =
        gradient == null
            ? Optional.empty()
            : NotFinite.in("the gradient", gradient, rows(gradient));
    if (!Double.isFinite(score) || found.isPresent()) {
      throw ofLoss(microBatch, found.map(NotFinite::toString).orElse("it is " + score));
    }
  }

  private DivergedException ofLoss(int microBatch, String what) {
    return diverged(
        microBatch,
        back(layers()),
        -1,
        "the loss " + network.loss().name() + ": " + what,
        RATE + " Of a regression the labels too should be about 1 in size.");
  }

  /**
   * Looks at the gradient of a stage's input, and at those that its layers may have hidden.
   *
   * @param inputGradient null for the network's first layer
   * @throws DivergedException if a number is not finite, naming the first layer, going backward,
   *     that made such
   */
  void inputGradient(Stage stage, int microBatch, Loan inputGradient) {
    boolean last = stage.end() == layers();
    INDArray given = stage.outputGradient(microBatch, stage.end() - 1);
    if (last && NativeArrays.isOnDevice(given)) {
      stage.looks().at(given);
    }
    if (inputGradient != null) {
      stage.looks().at(inputGradient.array());
    }
    if (!stage.looks().found()) {
      return;
    }
    if (last) {
      NotFinite.in("the gradient", given, rows(given))
          .ifPresent(
              found -> {
                throw ofLoss(microBatch, found.toString());
              });
    }
    for (int at = stage.end() - 1; at >= stage.first(); at--) {
      Optional<NotFinite> found =
          NotFinite.in("the input's gradient", stage.outputGradient(microBatch, at), rows());
      if (found.isPresent() && at == stage.end() - 1) {
        throw diverged(microBatch, back(stage.end()) + 1, -1, BEHIND + found.get(), link());
      } else if (found.isPresent()) {
        throw inputGradient(microBatch, found.get(), at + 1);
      }
    }
    INDArray made = inputGradient.array();
    NotFinite shown = NotFinite.in("the input's gradient", made, rows(made)).orElseThrow();
    throw inputGradient(microBatch, shown, stage.first());
  }

  private DivergedException inputGradient(int microBatch, NotFinite found, int layer) {
    return diverged(microBatch, back(layer), layer, layer(layer) + found, RATE);
  }

  /**
   * Returns a layer's place, or the loss's, in the order of what a micro-batch's backward makes.
   */
  private int back(int layer) {
    return 2 * (layers() + 1) + 2 * (layers() - layer);
  }

  private int layers() {
    return network.layers().size();
  }

  /**
   * Looks at what a mini-batch's gradients of a layer add up to, as they go to the update.
   *
   * @return whether their squares too are finite, as updaters want them
   * @throws DivergedException if a number is not finite
   */
  boolean gradient(int layer, Parameters gradients) {
    boolean squares = gradients.squaresAreFinite(rows());
    if (!squares) {
      NotFinite.in(gradients, rows())
          .ifPresent(
              found -> {
                throw inSum(layer, "in the gradient, " + found);
              });
    }
    return squares;
  }

  /** Returns the exception for a gradient that is finite, and whose squares are not. */
  DivergedException tooLarge(int layer) {
    return inSum(layer, "the gradient is so large that its squares are infinite");
  }

  /**
   * Looks at the optimizer state of a layer.
   *
   * @throws DivergedException if a number is not finite: weights would not move any more
   */
  void state(int layer, Updater.State state) {
    NotFinite.in("the updater's state", state.flat(), rows(state.flat()))
        .ifPresent(
            found -> {
              throw inSum(layer, found + ", for the gradient is too large to be squared");
            });
  }

  /**
   * Looks at a layer's weights and statistics after their update.
   *
   * @throws DivergedException if a number is not finite, or weights are so large that the next
   *     products with them would not be: after the last step nobody would multiply by them any more
   *     before they are a model
   */
  void weights(int layer, Parameters parameters) {
    if (parameters.squaresAreFinite(rows())) {
      return;
    }
    NotFinite.in(parameters, rows())
        .ifPresent(
            found -> {
              throw inSum(layer, "after the update, " + found);
            });
    if (!parameters.trainedSquaresAreFinite(rows())) {
      throw inSum(layer, "after the update, weights are so large that their squares are infinite");
    }
  }

  private String layer(int layer) {
    return "layer " + layer + ", " + network.layers().get(layer) + ": ";
  }

  /**
   * Returns advice where numbers that were finite in a stage were lost on the way: a wider dtype of
   * the link, if there is one.
   */
  private String link() {
    return plan.linkPrecision() == LinkPrecision.FLOAT32
        ? RATE
        : " The links carry linkPrecision "
            + plan.linkPrecision().id()
            + ", in which large numbers become infinite; use float32, or bfloat16, whose range is"
            + " that of float32.";
  }

  private DivergedException inSum(int layer, String what) {
    int order = layers() - layer;
    String where = layer(layer) + what;
    return new BadNumber(epoch, step, steps, BadNumber.ALL, order, layer, where, RATE).ends(of);
  }

  private DivergedException diverged(
      int microBatch, int order, int layer, String what, String advice) {
    String where = "in micro-batch " + (microBatch + 1) + ", " + what;
    return new BadNumber(epoch, step, steps, microBatch, order, layer, where, advice).ends(of);
  }

  private Rows rows() {
    return workspace.compute(DataType.FLOAT).rows();
  }

  private Rows rows(INDArray numbers) {
    return workspace.compute(numbers).rows();
  }
}
