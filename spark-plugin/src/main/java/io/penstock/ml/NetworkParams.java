package io.penstock.ml;

import io.penstock.schedule.Schedules;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;
import scala.Function1;
import scala.runtime.AbstractFunction1;

/** The params that estimators and models share, made once per instance. */
final class NetworkParams implements Serializable {
  private static final long serialVersionUID = 1L;

  final StringArrayParam featuresCols;
  final IntArrayParam layers;
  final Param<String> network;
  final IntParam numStages;
  final IntParam numMicroBatches;
  final IntParam batchSize;
  final IntParam epochs;
  final Param<String> updater;
  final DoubleParam learningRate;
  final Param<String> schedule;
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
            valid(sizes -> sizes instanceof int[] some && validSizes(some)));
    network =
        new Param<>(
            uid,
            "network",
            "The network as JSON, as io.penstock.nn.Sequential.toJson() writes it. Takes the place"
                + " of layers.");
    numStages =
        new IntParam(
            uid,
            "numStages",
            "Number of stages (>= 1) that the network is cut into; each takes one executor, one"
                + " barrier task.",
            ParamValidators.gtEq(1));
    numMicroBatches =
        new IntParam(
            uid,
            "numMicroBatches",
            "Number of micro-batches (>= 1) that a mini-batch is cut into. More keep the stages"
                + " busier, down to where a micro-batch is too small to compute well.",
            ParamValidators.gtEq(1));
    batchSize =
        new IntParam(
            uid,
            "batchSize",
            "Rows (>= 1) of a mini-batch: those between two updates of the weights.",
            ParamValidators.gtEq(1));
    epochs = new IntParam(uid, "epochs", "Passes (>= 1) over the data.", ParamValidators.gtEq(1));
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
            ParamValidators.gt(0.0));
    schedule =
        new Param<>(
            uid,
            "schedule",
            "Order of the stages' work on the micro-batches, one of "
                + String.join(", ", Schedules.ids())
                + ".",
            valid(id -> Schedules.ids().contains(id)));
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
        new Default<>(schedule, "1f1b"),
        new Default<>(seed, 42L));
  }

  record Default<T>(Param<T> param, T value) {}

  private static boolean validSizes(int[] sizes) {
    if (sizes.length < 2) {
      return false;
    }
    for (int size : sizes) {
      if (size < 1) {
        return false;
      }
    }
    return true;
  }

  private interface Rule extends Serializable {
    boolean holds(Object value);
  }

  private static <T> Function1<T, Object> valid(Rule rule) {
    return new Validator<>(rule);
  }

  private static final class Validator<T> extends AbstractFunction1<T, Object>
      implements Serializable {
    private static final long serialVersionUID = 1L;
    private final Rule rule;

    Validator(Rule rule) {
      this.rule = rule;
    }

    @Override
    public Object apply(T value) {
      return rule.holds(value);
    }
  }
}
