package io.penstock.ml;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.when;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.feed.BadRowException;
import io.penstock.feed.EmptyDataException;
import io.penstock.nn.Parameters;
import io.penstock.testing.LocalSpark;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.evaluation.Evaluator;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.ml.tuning.TrainValidationSplit;
import org.apache.spark.ml.tuning.TrainValidationSplitModel;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What holds for every estimator and its model, on a master with two slots. What holds for the
 * files that they are saved in is in {@link PersistenceContract}, for their params in {@link
 * ParamsContract}.
 *
 * @param <E> the estimator
 * @param <M> its model
 */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@LocalSpark
@Tag("slow")
abstract class EstimatorContract<
    E extends Estimator<M> & PipelineParallelEstimator<E>,
    M extends Model<M> & PipelineParallelModel<M>> {
  private SparkSession spark;
  private Dataset<Row> rows;
  private M model;

  @TempDir Path directory;

  /** An estimator for {@link #data} of two stages that trains in a second. */
  abstract E estimator();

  /** Some rows with a column {@code id} from 0 on, {@code features} and what else is needed. */
  abstract Dataset<Row> data(SparkSession session);

  /** Features in which a value is missing, though they are not null. */
  abstract Column broken();

  abstract Evaluator evaluator();

  abstract MLReader<E> estimatorReader();

  abstract MLReader<M> modelReader();

  @BeforeAll
  void start(SparkSession session) {
    spark = session;
    rows = data(spark).cache();
    model = estimator().fit(rows);
  }

  SparkSession spark() {
    return spark;
  }

  Dataset<Row> rows() {
    return rows;
  }

  M model() {
    return model;
  }

  /** The appended columns' values, in the order of the ids. */
  static List<Row> answers(Model<?> scoring, Dataset<Row> data) {
    Dataset<Row> scored = scoring.transform(data).orderBy("id");
    List<String> before = List.of(data.columns());
    return scored
        .select(
            Arrays.stream(scored.columns())
                .filter(name -> !before.contains(name))
                .map(name -> col(name))
                .toArray(Column[]::new))
        .collectAsList();
  }

  /** Holds the model that this contract fitted beside another. */
  final void assertSameWeights(M other) {
    List<Parameters> wanted = model.parameters();
    for (int layer = 0; layer < wanted.size(); layer++) {
      assertArrayEquals(wanted.get(layer).values(), other.parameters().get(layer).values());
    }
  }

  private Dataset<Row> holed() {
    return rows.withColumn(
        "features",
        when(col("id").equalTo(7), null)
            .when(col("id").equalTo(11), broken())
            .otherwise(col("features")));
  }

  private static void assertBadRow(Exception thrown) {
    Throwable cause = thrown;
    while (cause != null && !(cause instanceof BadRowException)) {
      cause = cause.getCause();
    }
    assertTrue(cause != null, () -> "no BadRowException in " + thrown);
    assertTrue(cause.getMessage().contains("column 'features"), cause.getMessage());
  }

  @Test
  void theModelKnowsItsEstimatorAndHasItsParams() {
    E estimator = estimator();
    M fitted = estimator.fit(rows, new ParamMap().put(estimator.maxIter(), 1));
    assertEquals(estimator.uid(), fitted.parent().uid());
    assertEquals(1, fitted.getMaxIter());
    assertEquals(estimator.getBatchSize(), fitted.getBatchSize());
    assertEquals(1, fitted.training().orElseThrow().epochs().size());
  }

  @Test
  void aCopyOfTheModelAnswersTheSameWithParamsOfItsOwn() {
    M copy = model.copy(new ParamMap().put(model.blockSize(), 3));
    assertNotSame(model, copy);
    assertEquals(model.uid(), copy.uid());
    assertEquals(model.parent().uid(), copy.parent().uid());
    assertEquals(3, copy.getBlockSize());
    assertFalse(model.isSet(model.blockSize()));
    copy.setBlockSize(model.getBlockSize());
    assertEquals(answers(model, rows), answers(copy, rows));
  }

  @Test
  void theSchemaIsToldBeforeAndIsThatOfTheScoredRows() {
    for (String way : List.of("error", "skip", "keep")) {
      M scoring = model.copy(ParamMap.empty()).setHandleInvalid(way);
      StructType told = scoring.transformSchema(rows.schema());
      assertEquals(told.json(), scoring.transform(rows).schema().json());
      assertEquals(
          told,
          estimator().setHandleInvalid(way).transformSchema(rows.schema()),
          "the estimator's");
      assertTrue(told.size() > rows.schema().size());
    }
  }

  @Test
  void aMissingValueEndsFitAndTransformOrItsRowIsLeftOutOrKept() {
    Dataset<Row> holed = holed();
    Dataset<Row> whole = rows.where("id not in (7, 11)");
    assertBadRow(assertThrows(Exception.class, () -> estimator().fit(holed)));
    M wanted = estimator().fit(whole);
    for (String way : List.of("skip", "keep")) {
      M fitted = estimator().setHandleInvalid(way).fit(holed);
      for (int layer = 0; layer < wanted.parameters().size(); layer++) {
        assertArrayEquals(
            wanted.parameters().get(layer).values(), fitted.parameters().get(layer).values());
      }
    }
    M scoring = model.copy(ParamMap.empty());
    assertBadRow(assertThrows(Exception.class, () -> scoring.transform(holed).collectAsList()));
    assertEquals(rows.count() - 2, answers(scoring.setHandleInvalid("skip"), holed).size());
    List<Row> kept = answers(scoring.setHandleInvalid("keep"), holed);
    assertEquals(rows.count(), kept.size());
    for (int id = 0; id < kept.size(); id++) {
      for (int column = 0; column < kept.get(id).size(); column++) {
        assertEquals(id == 7 || id == 11, kept.get(id).isNullAt(column), "row " + id);
      }
    }
  }

  @Test
  void withoutRowsThereIsNothingToLearnAndNothingToAnswer() {
    Dataset<Row> none = rows.where("id < 0");
    EmptyDataException thrown = assertThrows(EmptyDataException.class, () -> estimator().fit(none));
    assertTrue(thrown.getMessage().contains("has no rows"), thrown.getMessage());
    assertThrows(
        EmptyDataException.class,
        () -> estimator().setHandleInvalid("skip").fit(holed().where("id = 7")));
    assertEquals(List.of(), model.transform(none).collectAsList());
  }

  @Test
  void oneRowCanBeLearntFrom() {
    Dataset<Row> one = rows.where("id = 4");
    assertEquals(1, estimator().fit(one).transform(one).count());
  }

  @Test
  void oneToAThousandPartitionsGiveTheSameModel() {
    assertSameWeights(estimator().fit(rows.coalesce(1)));
    Dataset<Row> many = rows.repartition(1000);
    assertSameWeights(estimator().fit(many));
    assertEquals(rows.count(), model.transform(many).count());
  }

  @Test
  void aCrossValidatorsFitsQueueWhereSlotsAreShort() throws Exception {
    E estimator = estimator();
    CrossValidatorModel best =
        new CrossValidator()
            .setEstimator(estimator)
            .setEvaluator(evaluator())
            .setEstimatorParamMaps(grid(estimator))
            .setNumFolds(2)
            .setParallelism(3)
            .setSeed(3)
            .fit(rows);
    assertEquals(2, best.avgMetrics().length);
    assertBetter(best.avgMetrics());
    String path = directory.resolve("validated").toString();
    best.write().overwrite().save(path);
    assertEquals(
        answers(best.bestModel(), rows), answers(CrossValidatorModel.load(path).bestModel(), rows));
  }

  @Test
  void aTrainValidationSplitsFitsQueueWhereSlotsAreShort() {
    E estimator = estimator();
    TrainValidationSplitModel best =
        new TrainValidationSplit()
            .setEstimator(estimator)
            .setEvaluator(evaluator())
            .setEstimatorParamMaps(grid(estimator))
            .setParallelism(2)
            .setSeed(3)
            .fit(rows);
    assertBetter(best.validationMetrics());
  }

  /** Learning almost nothing, and learning. */
  private ParamMap[] grid(E estimator) {
    return new ParamGridBuilder()
        .addGrid(estimator.stepSize(), new double[] {1e-6, estimator.getStepSize()})
        .addGrid(estimator.maxIter(), new int[] {6})
        .build();
  }

  private void assertBetter(double[] metrics) {
    double gain = metrics[1] - metrics[0];
    assertTrue(evaluator().isLargerBetter() ? gain > 0 : gain < 0, Arrays.toString(metrics));
  }
}
