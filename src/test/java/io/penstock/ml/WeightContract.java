package io.penstock.ml;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.feed.BadRowException;
import io.penstock.feed.EmptyDataException;
import io.penstock.nn.Parameters;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.Model;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** What holds for rows with weights, whatever the estimator. */
abstract class WeightContract<
        E extends Estimator<M> & PipelineParallelEstimator<E>,
        M extends Model<M> & PipelineParallelModel<M>>
    extends PersistenceContract<E, M> {

  private Dataset<Row> weighted() {
    return rows().withColumn("w", expr("id % 4 / 2"));
  }

  private static boolean same(Model<?> one, Model<?> other) {
    List<Parameters> wanted = ((PipelineParallelModel<?>) one).parameters();
    List<Parameters> found = ((PipelineParallelModel<?>) other).parameters();
    boolean same = true;
    for (int layer = 0; layer < wanted.size(); layer++) {
      same &= Arrays.equals(wanted.get(layer).values(), found.get(layer).values());
    }
    return same;
  }

  @Test
  void noWeightColumnAnEmptyNameAndWeightsOfOneAreTheSame() {
    assertTrue(same(model(), estimator().setWeightCol("").fit(rows())));
    Dataset<Row> ones = rows().withColumn("one", lit(1));
    assertTrue(same(model(), estimator().setWeightCol("one").fit(ones)));
  }

  @Test
  void weightsCountAndOnlyTheirProportionsDo() {
    M fitted = estimator().setWeightCol("w").fit(weighted());
    assertFalse(same(model(), fitted));
    Dataset<Row> eightfold = rows().withColumn("w", expr("cast(4 * (id % 4) as decimal(9, 2))"));
    assertTrue(same(fitted, estimator().setWeightCol("w").fit(eightfold.repartition(7))));
    assertEquals("w", fitted.getWeightCol());
    assertEquals(answers(fitted, rows()), answers(fitted, weighted().drop("w")));
  }

  @Test
  void stagesDoNotMatterToWeightedRows() {
    E alone = estimator().setWeightCol("w").setNumStages(1);
    assertTrue(same(estimator().setWeightCol("w").fit(weighted()), alone.fit(weighted())));
  }

  @Test
  void weightsThatMakeNoSenseAreRefusedWhateverIsDoneWithMissingValues() {
    for (String bad : new String[] {"null", "-1d", "double('NaN')", "double('Infinity')"}) {
      Dataset<Row> some = rows().withColumn("w", expr("if(id = 7, " + bad + ", 1d)")).coalesce(1);
      for (String way : List.of("error", "skip", "keep")) {
        BadRowException thrown =
            assertThrows(
                BadRowException.class,
                () -> estimator().setWeightCol("w").setHandleInvalid(way).fit(some));
        assertEquals("w", thrown.column());
        assertEquals(7, thrown.row());
      }
    }
    Dataset<Row> none = rows().withColumn("w", lit(0));
    EmptyDataException thrown =
        assertThrows(EmptyDataException.class, () -> estimator().setWeightCol("w").fit(none));
    assertTrue(
        thrown.getMessage().contains("'w' is 0 in every row to train on"), thrown.getMessage());
  }

  @Test
  void aWeightColumnThatIsNoneIsRefusedBeforeAnyJob() {
    Dataset<Row> text = rows().withColumn("text", col("id").cast("string"));
    assertRefused(text, "v", "there is no weight column 'v'. The DataFrame has: id");
    assertRefused(text, "text", "column 'text' is of type string, but a weight must be numeric");
    assertRefused(text, "features", "column 'features' is of type");
  }

  private void assertRefused(Dataset<Row> data, String column, String why) {
    E estimator = estimator().setWeightCol(column);
    IllegalArgumentException thrown =
        assertThrows(
            IllegalArgumentException.class, () -> estimator.transformSchema(data.schema()));
    assertTrue(thrown.getMessage().contains(why), thrown.getMessage());
  }
}
