package io.penstock.ml;

import io.penstock.feed.FeatureRows;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** A partition's rows with their scores behind them, computed a block at a time. */
final class ScoredRows implements Iterator<Row> {
  /** Rows scored together: enough for the matrix products to be efficient. */
  private static final int BLOCK = 256;

  private final Iterator<Row> source;
  private final FeatureRows features;
  private final ScoreColumns columns;
  private final PipelineParallelClassificationModel model;
  private final Queue<Row> scored = new ArrayDeque<>();

  ScoredRows(
      Iterator<Row> source,
      FeatureRows features,
      ScoreColumns columns,
      PipelineParallelClassificationModel model) {
    this.source = source;
    this.features = features;
    this.columns = columns;
    this.model = model;
  }

  @Override
  public boolean hasNext() {
    return !scored.isEmpty() || source.hasNext();
  }

  @Override
  public Row next() {
    if (scored.isEmpty()) {
      if (!source.hasNext()) {
        throw new NoSuchElementException();
      }
      scoreBlock();
    }
    return scored.remove();
  }

  private void scoreBlock() {
    List<Row> rows = new ArrayList<>(BLOCK);
    while (rows.size() < BLOCK && source.hasNext()) {
      rows.add(source.next());
    }
    int width = model.numFeatures();
    float[] packed = new float[rows.size() * width];
    for (int i = 0; i < rows.size(); i++) {
      features.decode(rows.get(i), packed, i * width);
    }
    double[][] raw = model.scorer().raw(packed);
    for (int i = 0; i < rows.size(); i++) {
      scored.add(append(rows.get(i), Vectors.dense(raw[i])));
    }
  }

  private Row append(Row row, Vector raw) {
    List<Object> values = new ArrayList<>(row.size() + 3);
    for (int i = 0; i < row.size(); i++) {
      values.add(row.get(i));
    }
    Vector probabilities = model.probabilities(raw);
    if (!columns.raw().isEmpty()) {
      values.add(raw);
    }
    if (!columns.probability().isEmpty()) {
      values.add(probabilities);
    }
    if (!columns.prediction().isEmpty()) {
      values.add(model.predicted(probabilities));
    }
    return RowFactory.create(values.toArray());
  }
}
