package io.penstock.ml;

import io.penstock.nn.RateDecay;
import io.penstock.schedule.Recomputation;
import io.penstock.schedule.Schedules;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;

/** The params that estimators and models share, made once per instance. */
final class NetworkParams implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final String LAYERS =
      "at least two sizes, inputs and classes, each of at least 1, for example {784, 256, 10}";
  private static final String RATE = "a finite number above 0, for example 0.001";

  final StringArrayParam featuresCols;
  final IntArrayParam layers;
  final NetworkParam network;
  final IntParam numStages;
  final IntParam numMicroBatches;
  final IntParam batchSize;
  final IntParam epochs;
  final Param<String> updater;
  final DoubleParam learningRate;
  final DoubleParam clipNorm;
  final DoubleParam clipValue;
  final DoubleParam weightDecay;
  final IntParam warmUpSteps;
  final Param<String> learningRateDecay;
  final DoubleParam labelSmoothing;
  final Param<String> schedule;
  final IntParam numVirtualStages;
  final IntParam warmUp;
  final Param<String> recompute;
  final IntArrayParam stageStarts;
  final LongParam seed;

  NetworkParams(Params parent) {
    String uid = parent.uid();
    featuresCols =
        new StringArrayParam(
            parent,
            "featuresCols",
            "Several numeric columns that are the features, in this order. Takes the place of"
                + " featuresCol, which holds one vector or array of numbers.");
    layers =
        new IntArrayParam(
            parent,
            "layers",
            "Sizes of a perceptron's layers from inputs to outputs, for example Array(784, 256,"
                + " 10): ReLU between them, softmax at the end. An own network goes into network.",
            new Rule<>("layers", LAYERS, NetworkParams::validSizes));
    network = new NetworkParam(uid);
    numStages =
        new IntParam(
            uid,
            "numStages",
            "Number of executors (>= 1) that the network is spread over, one barrier task each. Each"
                + " holds one stage, or several where the schedule wants it so.",
            atLeastOne("numStages"));
    numMicroBatches =
        new IntParam(
            uid,
            "numMicroBatches",
            "Number of micro-batches (>= 1) that a mini-batch is cut into. More keep the stages"
                + " busier, down to where a micro-batch is too small to compute well.",
            atLeastOne("numMicroBatches"));
    batchSize =
        new IntParam(
            uid,
            "batchSize",
            "Rows (>= 1) of a mini-batch: those between two updates of the weights.",
            atLeastOne("batchSize"));
    epochs = new IntParam(uid, "epochs", "Passes (>= 1) over the data.", atLeastOne("epochs"));
    updater =
        new Param<>(
            uid,
            "updater",
            "How gradients become updates: sgd, nesterovs (momentum 0.9), adam, or one of ND4J's"
                + " updaters as JSON, which setUpdater(IUpdater) writes; that may hold a"
                + " learning-rate schedule.");
    learningRate =
        new DoubleParam(
            uid,
            "learningRate",
            "Learning rate (> 0) of an updater given by name.",
            new Rule<>("learningRate", RATE, NetworkParams::validRate));
    clipNorm =
        notNegative(
            uid,
            "clipNorm",
            "The largest norm (>= 0) that the gradients of all layers together may have; longer ones"
                + " are shortened to it. 0 for any.");
    clipValue =
        notNegative(
            uid,
            "clipValue",
            "The largest size (>= 0) that one number of a gradient may have, after clipNorm; larger"
                + " ones are cut to it. 0 for any.");
    weightDecay =
        notNegative(
            uid,
            "weightDecay",
            "The share of the learning rate (>= 0) by which weights shrink in every step, apart from"
                + " the gradients (AdamW); biases do not. 0 for none.");
    warmUpSteps =
        new IntParam(
            uid,
            "warmUpSteps",
            "Steps (>= 0) in which the learning rate climbs in a straight line to its full value. 0"
                + " for none. (warmUp is the schedule's.)",
            new Rule<>(
                "warmUpSteps",
                "a whole number of at least 0, such as 100; 0 for none",
                value -> (Integer) value >= 0));
    learningRateDecay =
        new Param<>(
            uid,
            "learningRateDecay",
            "How the learning rate goes down from the end of its warm-up to 0 at the end of the run:"
                + " none, linear or cosine.",
            new Rule<>(
                "learningRateDecay",
                "one of none, linear, cosine",
                value -> isDecay((String) value)));
    labelSmoothing =
        new DoubleParam(
            uid,
            "labelSmoothing",
            "The share (0 <= x < 1) of a label's probability that is spread evenly over all classes."
                + " 0 for none. It takes the place of the loss's own.",
            new Rule<>(
                "labelSmoothing",
                "at least 0 and below 1, such as 0.1; 0 for none",
                value -> (Double) value >= 0 && (Double) value < 1));
    schedule =
        new Param<>(
            uid,
            "schedule",
            "Order of the stages' work on the micro-batches: one of "
                + String.join(", ", Schedules.ids())
                + "; or the name of a file on the driver that ends with .csv, with a row for each"
                + " executor, such as 0F0,0F1,0B0,0B1; or auto, which measures layers and link in a"
                + " short job and takes the plan with the least simulated step time: schedule, cut"
                + " and, unless they are set, micro-batches, virtual stages and warm-up.",
            new Rule<>(
                "schedule",
                "one of " + String.join(", ", Schedules.ids()) + ", auto, or a file name with .csv",
                NetworkParams::validSchedule));
    numVirtualStages =
        new IntParam(
            uid,
            "numVirtualStages",
            "Number of stages (>= 1) on each executor, for schedules that can have several. Left"
                + " out, it is what is usual for the schedule.",
            atLeastOne("numVirtualStages"));
    warmUp =
        new IntParam(
            uid,
            "warmUp",
            "Forwards (>= 0) that the first executor does before it turns to one forward, one"
                + " backward, for schedules that let one choose (eager-1f1b). Left out, it is the"
                + " schedule's own number.",
            new Rule<>("warmUp", "a whole number of at least 0", value -> (Integer) value >= 0));
    recompute =
        new Param<>(
            uid,
            "recompute",
            "Which forwards are done a second time, so that their activations need not be kept"
                + " until the backward: never, always, or exceptLast, which keeps those of the last"
                + " micro-batch of every mini-batch. Saves memory for about a third more compute.",
            new Rule<>(
                "recompute",
                "one of never, always, exceptLast",
                value -> isRecomputation((String) value)));
    stageStarts =
        new IntArrayParam(
            parent,
            "stageStarts",
            "The first layer of every stage, ascending, the first of them 0: a cut of one's own."
                + " Left out, the layers are spread so that the slowest stage is as fast as can be.",
            new Rule<>(
                "stageStarts",
                "layers in ascending order that begin with 0, for example Array(0, 2, 5)",
                NetworkParams::validStarts));
    seed =
        new LongParam(uid, "seed", "Keys the initial weights, dropout and the order of the rows.");
  }

  /** The params that have a default, with it. */
  List<Default<?>> defaults() {
    return List.of(
        new Default<>(numStages, 2),
        new Default<>(numMicroBatches, 4),
        new Default<>(batchSize, 128),
        new Default<>(epochs, 10),
        new Default<>(updater, "adam"),
        new Default<>(learningRate, 0.001),
        new Default<>(clipNorm, 0.0),
        new Default<>(clipValue, 0.0),
        new Default<>(weightDecay, 0.0),
        new Default<>(warmUpSteps, 0),
        new Default<>(learningRateDecay, "none"),
        new Default<>(labelSmoothing, 0.0),
        new Default<>(schedule, "1f1b"),
        new Default<>(recompute, Recomputation.NEVER.id()),
        new Default<>(seed, 42L));
  }

  record Default<T>(Param<T> param, T value) {}

  private static Rule<Object> atLeastOne(String param) {
    return new Rule<>(param, "a whole number of at least 1", value -> (Integer) value >= 1);
  }

  private static DoubleParam notNegative(String uid, String name, String doc) {
    return new DoubleParam(
        uid,
        name,
        doc,
        new Rule<>(
            name,
            "a finite number of at least 0; 0 to go without",
            value -> (Double) value >= 0 && Double.isFinite((Double) value)));
  }

  private static boolean validSizes(int[] sizes) {
    return sizes.length >= 2 && Arrays.stream(sizes).allMatch(size -> size >= 1);
  }

  private static boolean validStarts(int[] starts) {
    return starts.length >= 1
        && starts[0] == 0
        && IntStream.range(1, starts.length).allMatch(i -> starts[i] > starts[i - 1]);
  }

  private static boolean isRecomputation(String name) {
    return Arrays.stream(Recomputation.values()).anyMatch(one -> one.id().equals(name));
  }

  private static boolean isDecay(String name) {
    return Arrays.stream(RateDecay.values()).anyMatch(one -> one.name().equalsIgnoreCase(name));
  }

  private static boolean validSchedule(String said) {
    return Schedules.ids().contains(said) || said.equals(AutoPlan.ID) || said.endsWith(".csv");
  }

  private static boolean validRate(Object rate) {
    return (Double) rate > 0 && Double.isFinite((Double) rate);
  }
}
