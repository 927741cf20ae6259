package io.penstock.ml;

import io.penstock.train.Outputs;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;

/**
 * The columns that a sequence model appends.
 *
 * @param labels where in a row the labels stand, or the tokens whose next ones are the labels
 * @param next whether the label of a position is the next position's token
 */
record SequenceColumns(List<ScoreColumn> columns, int labels, boolean next)
    implements ScoreColumns {
  private static final String PREDICTION = "predictionCol";
  private static final String LOG_LIKELIHOOD = "logLikelihoodCol";
  private static final String PERPLEXITY = "perplexityCol";

  /** The columns that these params ask for. */
  static List<ScoreColumn> wanted(SequenceParams params) {
    List<ScoreColumn> wanted = new ArrayList<>();
    if (!params.getPredictionCol().isEmpty()) {
      wanted.add(
          new ScoreColumn(
              PREDICTION,
              params.getPredictionCol(),
              DataTypes.createArrayType(DataTypes.IntegerType, false),
              Metadata.empty()));
    }
    if (!params.getLogLikelihoodCol().isEmpty()) {
      wanted.add(
          new ScoreColumn(
              LOG_LIKELIHOOD,
              params.getLogLikelihoodCol(),
              DataTypes.createArrayType(DataTypes.DoubleType, true),
              Metadata.empty()));
    }
    if (!params.getPerplexityCol().isEmpty()) {
      wanted.add(
          new ScoreColumn(
              PERPLEXITY, params.getPerplexityCol(), DataTypes.DoubleType, Metadata.empty(), true));
    }
    return wanted;
  }

  /** Returns whether any of the columns needs labels. */
  static boolean needLabels(List<ScoreColumn> columns) {
    return columns.stream().anyMatch(column -> !column.param().equals(PREDICTION));
  }

  @Override
  public void append(Row row, Outputs outputs, int index, int positions, List<Object> values) {
    Double[] logLikelihoods =
        needLabels(columns) ? logLikelihoods(row, outputs, index, positions) : new Double[0];
    for (ScoreColumn column : columns) {
      values.add(
          switch (column.param()) {
            case PREDICTION -> likeliest(outputs, index, positions);
            case LOG_LIKELIHOOD -> logLikelihoods;
            default -> perplexity(logLikelihoods);
          });
    }
  }

  private static Integer[] likeliest(Outputs outputs, int index, int positions) {
    Integer[] ids = new Integer[positions];
    for (int position = 0; position < positions; position++) {
      ids[position] = new Likelihoods(outputs.at(index, position)).likeliest();
    }
    return ids;
  }

  private Double[] logLikelihoods(Row row, Outputs outputs, int index, int positions) {
    List<?> ids = row.isNullAt(labels) ? List.of() : row.getList(labels);
    Double[] logs = new Double[positions];
    for (int position = 0; position < positions; position++) {
      int at = next ? position + 1 : position;
      Object id = at < ids.size() ? ids.get(at) : null;
      if (id != null && ((Number) id).longValue() >= 0) {
        logs[position] =
            new Likelihoods(outputs.at(index, position)).logOf(((Number) id).longValue());
      }
    }
    return logs;
  }

  private static Double perplexity(Double[] logs) {
    double sum = 0;
    int count = 0;
    for (Double log : logs) {
      if (log != null) {
        sum += log;
        count++;
      }
    }
    return count == 0 ? null : (Double) Math.exp(-sum / count);
  }
}
