package io.penstock.ml;

import io.penstock.feed.BadRowException;
import io.penstock.train.Outputs;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Answers to blocks of rows: each row with its scores behind it, or without any, or none, as the
 * transformation says.
 *
 * @param scoring the transformation
 */
record Answers(Scoring scoring) {
  /**
   * Returns a block's rows with their scores.
   *
   * @param outputs of those that have features; null if none has
   * @throws BadRowException for a row whose scores are not finite, unless such are kept or skipped
   */
  List<Row> of(ScoreBlock block, Outputs outputs) {
    List<Row> answers = new ArrayList<>(block.rows().size());
    int index = 0;
    for (ScoreBlock.Read read : block.rows()) {
      if (read.length() == 0) {
        answers.add(withoutAnswer(read.row()));
      } else {
        add(read, outputs, index++, answers);
      }
    }
    return answers;
  }

  private void add(ScoreBlock.Read read, Outputs outputs, int index, List<Row> answers) {
    int positions = Math.min(read.length(), outputs.positions());
    OptionalDouble bad = outputs.notFinite(index, positions);
    if (bad.isEmpty()) {
      answers.add(answered(read.row(), outputs, index, positions));
    } else if (scoring.keepsInvalid()) {
      answers.add(withoutAnswer(read.row()));
    } else if (!scoring.skipsInvalid()) {
      throw BadRowException.notScored(
          TaskContext.getPartitionId(),
          read.number(),
          scoring.features().names(),
          bad.getAsDouble(),
          scoring.overflow());
    }
  }

  private Row answered(Row row, Outputs outputs, int index, int positions) {
    List<Object> values = values(row);
    scoring.columns().append(row, outputs, index, positions, values);
    return RowFactory.create(values.toArray());
  }

  private Row withoutAnswer(Row row) {
    List<Object> values = values(row);
    scoring.columns().columns().forEach(column -> values.add(null));
    return RowFactory.create(values.toArray());
  }

  private List<Object> values(Row row) {
    List<Object> values = new ArrayList<>(row.size() + scoring.columns().columns().size());
    for (int i = 0; i < row.size(); i++) {
      values.add(row.get(i));
    }
    return values;
  }
}
