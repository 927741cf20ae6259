package io.penstock.ml;

import io.penstock.balance.Cut;
import io.penstock.feed.FeatureRows;
import io.penstock.feed.NumberedColumns;
import io.penstock.launch.JavaSerialized;
import io.penstock.launch.SentWeights;
import io.penstock.launch.job.ScoringJob;
import java.io.Serializable;
import java.util.Optional;
import org.apache.spark.SerializableWritable;
import org.apache.spark.SparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * Transformation of rows by a model: what it reads, computes and appends. Travels to the executors
 * in one broadcast.
 *
 * @param features where they stand in a row
 * @param columns what is appended
 * @param handleInvalid error, skip or keep
 * @param blockSize rows that are scored together
 */
record Scoring(
    Scorer scorer, FeatureRows features, ScoreColumns columns, String handleInvalid, int blockSize)
    implements Serializable {

  static Scoring of(PipelineParallelModel<?> model, FeatureRows features, ScoreColumns columns) {
    Scorer scorer = model.fittedNetwork().scorer();
    return new Scoring(
        scorer,
        features.withVocabulary(scorer.vocabulary()),
        columns,
        model.getHandleInvalid(),
        model.getBlockSize());
  }

  boolean keepsInvalid() {
    return handleInvalid.equals("keep");
  }

  boolean skipsInvalid() {
    return handleInvalid.equals("skip");
  }

  /** Why a row's scores may not be finite, and what to do. */
  String overflow() {
    return scorer.overflow();
  }

  /**
   * The schema of scored rows.
   *
   * @throws IllegalArgumentException if a column of an appended one's name is there already
   */
  StructType schema(StructType schema) {
    return ScoreColumn.appended(schema, columns.columns(), keepsInvalid());
  }

  /** This transformation as it travels: without weights, which come once for all transforms. */
  private Scoring travelling() {
    return new Scoring(scorer.travelling(), features, columns, handleInvalid, blockSize);
  }

  /** Appends the columns; lazy, as all of Spark's transformations. */
  Dataset<Row> apply(Dataset<?> dataset) {
    StructType scored = schema(dataset.schema());
    NumberedColumns all = NumberedColumns.of(dataset);
    NumberedColumns rows = skipsInvalid() ? features.complete(all) : all;
    if (columns.columns().isEmpty()) {
      return rows.named();
    }
    SparkContext context = dataset.sparkSession().sparkContext();
    StructType numbered = NumberedColumns.numbered(scored);
    Optional<Cut> cut = ScoringCut.of(dataset, scorer.network(), ScoreBlocks.mostRows(this));
    return new NumberedColumns(
            scored,
            cut.isPresent()
                ? dataset
                    .sparkSession()
                    .createDataFrame(pipelined(cut.get(), context).of(rows.rows()), numbered)
                : rows.rows().mapPartitions(task(context), Encoders.row(numbered)))
        .named();
  }

  private ScoreTask task(SparkContext context) {
    return new ScoreTask(JavaSerialized.broadcast(context, travelling()), scorer.sent(context));
  }

  private PipelinedScoring pipelined(Cut cut, SparkContext context) {
    Broadcast<SerializableWritable<SentWeights>> sent = scorer.sent(context);
    ScoringJob job =
        new ScoringJob(
            scorer.network(),
            cut.starts(),
            ScoreBlocks.mostRows(this),
            columns.predicted(),
            sent == null ? scorer.weights() : null,
            sent);
    return new PipelinedScoring(travelling(), job);
  }
}
