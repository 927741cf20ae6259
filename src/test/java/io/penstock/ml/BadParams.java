package io.penstock.ml;

import java.util.List;
import org.apache.spark.ml.param.ParamMap;
import org.nd4j.linalg.learning.config.AdaDelta;

/** Params that are wrong by themselves or do not go together. */
final class BadParams {
  private BadParams() {}

  static List<Mistake> all() {
    return new MistakeTable()
        .everywhere("no epochs", it -> it.setEpochs(0), "maxIter is 0", "at least 1")
        .everywhere(
            "no rows in a mini-batch", it -> it.setBatchSize(0), "batchSize is 0", "at least 1")
        .everywhere(
            "a learning rate of 0", it -> it.setLearningRate(0), "stepSize is 0.0", "above 0")
        .everywhere(
            "a learning rate that is no number",
            it -> it.setLearningRate(Double.NaN),
            "stepSize is NaN",
            "finite")
        .everywhere(
            "a norm to clip to below 0", it -> it.setClipNorm(-1), "clipNorm is -1.0", "at least 0")
        .everywhere(
            "a learning rate without end",
            it -> it.setLearningRate(Double.POSITIVE_INFINITY),
            "stepSize is Infinity",
            "finite")
        .everywhere(
            "a norm without end",
            it -> it.setClipNorm(Double.POSITIVE_INFINITY),
            "clipNorm is Infinity",
            "finite")
        .everywhere(
            "a size to cut to that is no number",
            it -> it.setClipValue(Double.NaN),
            "clipValue is NaN",
            "at least 0")
        .everywhere(
            "weights that grow", it -> it.setWeightDecay(-0.1), "weightDecay is -0.1", "at least 0")
        .everywhere(
            "a learning rate's warm-up below 0",
            it -> it.setWarmUpSteps(-1),
            "warmUpSteps is -1",
            "a whole number")
        .everywhere(
            "an unknown decay",
            it -> it.setLearningRateDecay("sine"),
            "learningRateDecay is 'sine'",
            "none, linear, cosine")
        .everywhere(
            "an unknown updater",
            it -> it.setUpdater("adma"),
            "updater is 'adma'",
            "sgd, nesterovs, adam")
        .everywhere("an updater of no name", it -> it.setUpdater(""), "updater is ''", "adam")
        .everywhere("no updater's JSON", it -> it.setUpdater("{\"x\":1}"), "updater", "{\"x\":1}")
        .everywhere(
            "no updater at all", it -> it.setUpdater((String) null), "updater is null", "adam")
        .everywhere(
            "a learning rate's warm-up without a learning rate",
            it -> it.setUpdater(new AdaDelta()).setWarmUpSteps(5),
            "warmUpSteps",
            "AdaDelta has none")
        .everywhere(
            "an unknown way with gaps",
            it -> it.setHandleInvalid("drop"),
            "handleInvalid is 'drop'",
            "error, skip, keep")
        .everywhere("blocks of no rows", it -> it.setBlockSize(0), "blockSize is 0", "at least 1")
        .everywhere("patience below 0", it -> it.setPatience(-1), "patience is -1", "at least 0")
        .everywhere("a tolerance below 0", it -> it.setTol(-0.5), "tol is -0.5", "at least 0")
        .everywhere(
            "no name of a weight column",
            it -> it.setWeightCol(null),
            "weightCol is null",
            "empty for none")
        .everywhere(
            "checkpoints after every no epochs",
            it -> it.setCheckpointInterval(0),
            "checkpointInterval is 0",
            "at least 1, or -1")
        .everywhere(
            "checkpoints after no steps",
            it -> it.setCheckpointSteps(0),
            "checkpointSteps is 0",
            "at least 1, or -1")
        .everywhere(
            "checkpoints after less than no time",
            it -> it.setCheckpointSeconds(-1),
            "checkpointSeconds is -1",
            "at least 0")
        .everywhere(
            "no checkpoint that is kept",
            it -> it.setNumCheckpoints(0),
            "numCheckpoints is 0",
            "at least 1")
        .everywhere(
            "a directory of checkpoints without a name",
            it -> it.setCheckpointDir(" "),
            "checkpointDir is ' '",
            "the name of a directory")
        .everywhere(
            "checkpoints without a directory for them",
            it -> it.setCheckpointInterval(1),
            "checkpointInterval is 1",
            "no directory for them",
            "setCheckpointDir(")
        .everywhere(
            "no name of a validation column",
            it -> it.setValidationIndicatorCol(null),
            "validationIndicatorCol is null",
            "empty for none")
        .everywhere(
            "no model to begin with",
            it -> it.setInitialModel(null),
            "initialModel is null",
            "clear the param")
        .everywhere(
            "a value of another type",
            it -> it.set("batchSize", "many"),
            "batchSize is 'many'",
            "a whole number of at least 1")
        .everywhere(
            "a wrong value in a param map",
            it -> it.copy(new ParamMap().put(it.maxIter(), -3)),
            "maxIter is -3",
            "at least 1")
        .classifier("sizes of one layer", it -> it.setLayers(4), "layers is [4]", "two sizes")
        .classifier("a size of 0", it -> it.setLayers(4, 0, 3), "[4, 0, 3]", "each of at least 1")
        .regressor("no sizes", it -> it.setLayers(), "layers is []", "for example {784, 256, 10}")
        .classifier(
            "all of a label smoothed away",
            it -> it.setLabelSmoothing(1),
            "labelSmoothing is 1.0",
            "below 1")
        .classifier(
            "smoothing by no number",
            it -> it.setLabelSmoothing(Double.NaN),
            "labelSmoothing is NaN",
            "below 1")
        .learner(
            "smoothing below 0",
            it -> it.setLabelSmoothing(-0.1),
            "labelSmoothing is -0.1",
            "at least 0")
        .classifier(
            "thresholds for other classes",
            it -> it.setThresholds(new double[] {0.5, 0.5}),
            "2 thresholds and 3 classes",
            "one threshold per class")
        .classifier(
            "weights for other classes",
            it -> it.setClassWeights(1, 2),
            "2 class weights",
            "3 classes")
        .learner(
            "weights for other ids", it -> it.setClassWeights(1, 2), "2 class weights", "7 classes")
        .classifier(
            "no class that counts",
            it -> it.setClassWeights(0, 0, 0),
            "classWeights is [0.0, 0.0, 0.0]",
            "not all of them 0")
        .learner(
            "a class weight below 0",
            it -> it.setClassWeights(1, 1, 1, 1, 1, 1, -1),
            "classWeights is [1.0, 1.0",
            "at least 0")
        .regressor(
            "an unknown loss",
            it -> it.setLoss("l3"),
            "loss is 'l3'",
            "squaredError, absoluteError, huber")
        .regressor("no width of huber", it -> it.setHuberDelta(0), "huberDelta is 0.0", "above 0")
        .classifier(
            "names of no columns",
            it -> it.setFeaturesCols(),
            "featuresCols is []",
            "one numeric column")
        .regressor(
            "a name that is null",
            it -> it.setFeaturesCols("a", null),
            "featuresCols is [a, null]",
            "none of them null")
        .learner(
            "no feature column",
            it -> it.setFeaturesCol(null),
            "featuresCol is null",
            "name of a column")
        .classifier(
            "two answers in one column",
            it -> it.setProbabilityCol("prediction"),
            "'prediction' exists already",
            "predictionCol")
        .learner(
            "two answers in one column",
            it -> it.setPerplexityCol("prediction"),
            "'prediction' exists already",
            "perplexityCol")
        .transform(
            Subject.CLASSIFIER,
            "thresholds for other classes",
            it -> it.set("thresholds", new double[] {1}),
            rows -> rows,
            "1 thresholds and 3 classes",
            "one threshold per class")
        .attempt(
            "learner's model: a text that goes on from nothing",
            bench -> sequences(bench).generate(new int[0], 3, 1, 1),
            "0 tokens",
            "needs one token")
        .attempt(
            "learner's model: a temperature below 0",
            bench -> sequences(bench).generate(new int[] {1}, 3, -1, 1),
            "temperature -1.0",
            "at least 0")
        .attempt(
            "learner's model: a token that it does not know",
            bench -> sequences(bench).generate(new int[] {1, 99}, 3, 1, 1),
            "99",
            "from 0 to 6")
        .attempt(
            "learner's model: padding among the tokens",
            bench -> sequences(bench).generate(new int[] {1, -1}, 3, 1, 1),
            "Token 1",
            "is -1",
            "leave padding out")
        .mistakes();
  }

  private static PipelineParallelSequenceModel sequences(Bench bench) {
    return (PipelineParallelSequenceModel) bench.model(Subject.LEARNER);
  }
}
