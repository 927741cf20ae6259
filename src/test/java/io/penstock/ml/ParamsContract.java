package io.penstock.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.Params;
import org.junit.jupiter.api.Test;

/** What holds for the params of every estimator and its model. */
abstract class ParamsContract<
        E extends Estimator<M> & PipelineParallelEstimator<E>,
        M extends Model<M> & PipelineParallelModel<M>>
    extends CheckpointContract<E, M> {

  /** A value for every param there is, other than its default. */
  private static final Map<String, Object> SAMPLES = samples();

  private static Map<String, Object> samples() {
    Map<String, Object> samples = new HashMap<>();
    samples.put("featuresCol", "f");
    samples.put("featuresCols", new String[] {"x", "y"});
    samples.put("labelCol", "l");
    samples.put("predictionCol", "p");
    samples.put("probabilityCol", "pr");
    samples.put("rawPredictionCol", "r");
    samples.put("logLikelihoodCol", "ll");
    samples.put("perplexityCol", "pp");
    samples.put("thresholds", new double[] {0.2, 0.3, 0.5});
    samples.put("layers", new int[] {4, 5, 3});
    samples.put("network", Sequential.input(4).dense(3).loss(Losses.softmaxCrossEntropy()).build());
    samples.put("numStages", 3);
    samples.put("numMicroBatches", 7);
    samples.put("numReplicas", 3);
    samples.put("gradientGroups", 5);
    samples.put("shardOptimizer", true);
    samples.put("batchSize", 31);
    samples.put("maxIter", 17);
    samples.put("blockSize", 9);
    samples.put("handleInvalid", "skip");
    samples.put("requireGpu", "false");
    samples.put("updater", "sgd");
    samples.put("stepSize", 0.25);
    samples.put("clipNorm", 1.5);
    samples.put("clipValue", 2.5);
    samples.put("weightDecay", 0.125);
    samples.put("warmUpSteps", 11);
    samples.put("learningRateDecay", "cosine");
    samples.put("onBadNumbers", "skip");
    samples.put("labelSmoothing", 0.1);
    samples.put("loss", "huber");
    samples.put("huberDelta", 2.0);
    samples.put("schedule", "gpipe");
    samples.put("numVirtualStages", 2);
    samples.put("warmUp", 1);
    samples.put("outputBlocks", 3);
    samples.put("recompute", "always");
    samples.put("offload", true);
    samples.put("linkPrecision", "bfloat16");
    samples.put("computePrecision", "tf32");
    samples.put("stageStarts", new int[] {0, 2});
    samples.put("seed", 7L);
    samples.put("weightCol", "w");
    samples.put("validationIndicatorCol", "v");
    samples.put("patience", 4);
    samples.put("tol", 0.5);
    samples.put("checkpointDir", "checkpoints");
    samples.put("checkpointInterval", 3);
    samples.put("checkpointSteps", 40);
    samples.put("checkpointSeconds", 30.0);
    samples.put("numCheckpoints", 4);
    samples.put("keepLastCheckpoint", false);
    samples.put("classWeights", new double[] {1, 2, 0.5});
    return samples;
  }

  /** By param, the word by which someone who knows PyTorch or Keras looks for it. */
  private static final Map<String, String> TERMS =
      Map.ofEntries(
          Map.entry("updater", "optimizer"),
          Map.entry("stepSize", "learning rate"),
          Map.entry("clipNorm", "gradient clipping"),
          Map.entry("clipValue", "gradient clipping"),
          Map.entry("weightDecay", "weight decay"),
          Map.entry("warmUpSteps", "warm-up"),
          Map.entry("recompute", "activation checkpointing"),
          Map.entry("offload", "activation offload"),
          Map.entry("numStages", "pipeline-parallel size"),
          Map.entry("numReplicas", "data-parallel size"),
          Map.entry("shardOptimizer", "zero stage 1"),
          Map.entry("numVirtualStages", "virtual stages"),
          Map.entry("linkPrecision", "dtype on the wire"),
          Map.entry("computePrecision", "mixed precision"),
          Map.entry("outputBlocks", "vocabulary"),
          Map.entry("weightCol", "sample weights"),
          Map.entry("blockSize", "batch size"),
          Map.entry("patience", "early stopping"),
          Map.entry("loss", "loss"),
          Map.entry("labelSmoothing", "label smoothing"),
          Map.entry("classWeights", "class weights"),
          Map.entry("initialModel", "warm start"));

  /** The params but for the model to begin with, which no text can hold and no model has. */
  private static List<Param<?>> plain(Params estimator) {
    return Arrays.<Param<?>>stream(estimator.params())
        .filter(param -> !param.name().equals("initialModel"))
        .toList();
  }

  private static Object sample(Param<?> param) {
    return Objects.requireNonNull(
        SAMPLES.get(param.name()), () -> "ParamsContract has no sample for " + param.name());
  }

  private static String accessor(String prefix, Param<?> param) {
    return prefix + Character.toUpperCase(param.name().charAt(0)) + param.name().substring(1);
  }

  private static Object call(Object on, String name, Object... arguments) throws Exception {
    for (Method method : on.getClass().getMethods()) {
      if (method.getName().equals(name)
          && method.getParameterCount() == arguments.length
          && (arguments.length == 0 || takes(method.getParameterTypes()[0], arguments[0]))) {
        return method.invoke(on, arguments);
      }
    }
    throw new AssertionError(on.getClass().getSimpleName() + " has no " + name);
  }

  private static boolean takes(Class<?> type, Object value) {
    return type.isInstance(value)
        || (type == int.class && value instanceof Integer)
        || (type == long.class && value instanceof Long)
        || (type == double.class && value instanceof Double)
        || (type == boolean.class && value instanceof Boolean);
  }

  private E allSet() throws Exception {
    E estimator = newEstimator();
    for (Param<?> param : plain(estimator)) {
      assertSame(
          estimator, call(estimator, accessor("set", param), sample(param)), "fluent " + param);
    }
    return estimator;
  }

  private void assertAllSet(E estimator) throws Exception {
    for (Param<?> param : plain(estimator)) {
      assertTrue(estimator.isSet(param), param.name());
      Object got = call(estimator, accessor("get", param));
      assertTrue(Objects.deepEquals(sample(param), got), param.name() + " is " + got);
    }
  }

  @SuppressWarnings("unchecked")
  private E newEstimator() throws Exception {
    return (E) estimator().getClass().getConstructor().newInstance();
  }

  @Test
  void everyParamHasAGetterAndAFluentSetter() throws Exception {
    assertAllSet(allSet());
  }

  @Test
  void everyParamIsExplainedAndFoundByItsName() throws Exception {
    E estimator = newEstimator();
    String explained = estimator.explainParams();
    for (Param<?> param : estimator.params()) {
      assertSame(param, estimator.getParam(param.name()));
      assertEquals(estimator.uid(), param.parent());
      assertTrue(param.doc().length() > 10, param.name());
      assertTrue(explained.contains(param.name() + ": " + param.doc()), param.name());
    }
    List<String> names = Arrays.stream(estimator.params()).map(Param::name).toList();
    assertEquals(names.stream().distinct().toList(), names);
    assertTrue(
        names.containsAll(
            List.of(
                "featuresCol",
                "labelCol",
                "predictionCol",
                "maxIter",
                "stepSize",
                "seed",
                "blockSize")),
        names.toString());
  }

  @Test
  void explainParamsNamesTheTermsOfTheField() throws Exception {
    for (Param<?> param : newEstimator().params()) {
      String term = TERMS.getOrDefault(param.name(), "");
      assertTrue(
          param.doc().toLowerCase(Locale.ROOT).contains(term), param.name() + ": " + param.doc());
    }
  }

  @Test
  void theModelHasTheParamsOfItsEstimatorWithGetters() throws Exception {
    E estimator = newEstimator();
    for (Param<?> param : plain(estimator)) {
      assertTrue(model().hasParam(param.name()), param.name());
      Param<?> own = model().getParam(param.name());
      assertEquals(model().uid(), own.parent());
      if (model().isDefined(own)) {
        assertNotNull(call(model(), accessor("get", param)));
      }
    }
    call(model().copy(ParamMap.empty()), "setBlockSize", 5);
    call(model().copy(ParamMap.empty()), "setHandleInvalid", "keep");
    call(model().copy(ParamMap.empty()), "setFeaturesCol", "f");
    call(model().copy(ParamMap.empty()), "setPredictionCol", "p");
  }

  @Test
  void aCopyHasTheUidAndTheParamsAndChangesNothing() throws Exception {
    E estimator = allSet();
    E copy = cast(estimator.copy(new ParamMap().put(estimator.batchSize(), 16)));
    assertEquals(estimator.uid(), copy.uid());
    assertEquals(16, copy.getBatchSize());
    assertEquals(31, estimator.getBatchSize());
    copy.setBatchSize(31);
    assertAllSet(copy);
    copy.setSeed(1);
    assertEquals(7, estimator.getSeed());
  }

  @SuppressWarnings("unchecked")
  private E cast(Object estimator) {
    return (E) estimator;
  }

  @Test
  void aSavedEstimatorComesBackWithEveryParam() throws Exception {
    String path = directory.resolve("params").toString();
    E estimator = allSet();
    estimator.save(path);
    E loaded = estimatorReader().load(path);
    assertEquals(estimator.uid(), loaded.uid());
    assertAllSet(loaded);
    E plain = newEstimator();
    plain.write().overwrite().save(path);
    loaded = estimatorReader().load(path);
    for (Param<?> param : loaded.params()) {
      assertFalse(loaded.isSet(param), param.name());
    }
  }
}
