package io.penstock.ml;

import static org.apache.spark.sql.functions.aggregate;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.filter;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.sum;

import io.penstock.feed.NumberedColumns;
import java.util.List;
import java.util.Locale;
import org.apache.spark.ml.evaluation.Evaluator;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Evaluator of the perplexity of all labels of a sequence model's rows together, from its column of
 * log-likelihoods: the number of equally likely ids among which the model would be as uncertain at
 * each position. For a {@code CrossValidator} over {@link PipelineParallelSequenceLearner}, which
 * then needs the same {@code logLikelihoodCol}.
 *
 * <p>Like all of MLlib's evaluators it is not thread-safe while its param is set; {@code evaluate}
 * may run in several threads at once.
 */
public final class PerplexityEvaluator extends Evaluator implements DefaultParamsWritable {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final Param<String> logLikelihoodCol;

  /** Makes an evaluator with a uid of its own. */
  public PerplexityEvaluator() {
    this(Identifiable$.MODULE$.randomUID("perplexityEvaluator"));
  }

  /** Makes an evaluator with a given uid, as MLlib does when it loads one. */
  public PerplexityEvaluator(String uid) {
    super();
    this.uid = uid;
    this.logLikelihoodCol =
        new Param<>(
            uid,
            "logLikelihoodCol",
            "Column of the labels' log-likelihoods, array<double>, null where there is no label.");
    setDefault(logLikelihoodCol, "logLikelihood");
  }

  @Override
  public String uid() {
    return uid;
  }

  /** Param for the column of the labels' log-likelihoods. Default: "logLikelihood" */
  public Param<String> logLikelihoodCol() {
    return logLikelihoodCol;
  }

  /** Returns the column of the labels' log-likelihoods. */
  public String getLogLikelihoodCol() {
    return $(logLikelihoodCol);
  }

  /** Sets the column of the labels' log-likelihoods. */
  public PerplexityEvaluator setLogLikelihoodCol(String name) {
    set(logLikelihoodCol, name);
    return this;
  }

  /**
   * Returns the power of e of minus the mean log-likelihood of a label; NaN without labels. Runs a
   * Spark job.
   *
   * @throws IllegalArgumentException if the column is missing or holds anything else
   */
  @Override
  public double evaluate(Dataset<?> dataset) {
    int at = checkedColumn(dataset.schema());
    NumberedColumns rows = NumberedColumns.ofAll(dataset, "evaluate");
    Column all = rows.at(at);
    Column known = filter(all, Column::isNotNull);
    Row total =
        rows.where(all.isNotNull())
            .rows()
            .select(size(known).as("count"), aggregate(known, lit(0.0), Column::plus).as("logs"))
            .agg(coalesce(sum("count"), lit(0L)), coalesce(sum("logs"), lit(0.0)))
            .first();
    return Math.exp(-total.getDouble(1) / total.getLong(0));
  }

  private int checkedColumn(StructType schema) {
    String name = getLogLikelihoodCol();
    List<String> names = List.of(schema.fieldNames());
    int at = names.indexOf(name);
    if (at < 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "there is no log-likelihood column '%s'. The DataFrame has: %s. Give the model, or"
                  + " its estimator, that column by setLogLikelihoodCol.",
              name,
              String.join(", ", schema.fieldNames())));
    }
    DataType type = schema.fields()[at].dataType();
    if (!(type instanceof ArrayType array && array.elementType().equals(DataTypes.DoubleType))) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "column '%s' is of type %s, but log-likelihoods are array<double>, as a model of"
                  + " PipelineParallelSequenceLearner makes them.",
              name,
              type.catalogString()));
    }
    if (at != names.lastIndexOf(name)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the log-likelihood column '%s' is there more than once, as after a join. Drop or"
                  + " rename all but one of them.",
              name));
    }
    return at;
  }

  @Override
  public boolean isLargerBetter() {
    return false;
  }

  @Override
  public PerplexityEvaluator copy(ParamMap extra) {
    return (PerplexityEvaluator) defaultCopy(extra);
  }

  /** Reads evaluators that {@code save} wrote. */
  public static MLReader<PerplexityEvaluator> read() {
    return new DefaultParamsReader<>();
  }

  /** Reads an evaluator that {@code save} wrote. */
  public static PerplexityEvaluator load(String path) {
    return read().load(path);
  }
}
