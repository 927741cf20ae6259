package io.penstock.ml;

import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.NetworkBuilder;
import io.penstock.nn.network.Sequential;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Sequences of two to six ids that count up, modulo seven, from anywhere: easily gone on with. */
final class Counting {
  static final int LENGTH = 6;
  static final int IDS = 7;

  private Counting() {}

  /** Sixty rows in three partitions. */
  static Dataset<Row> rows(SparkSession spark) {
    return spark
        .range(0, 60, 1, 3)
        .selectExpr(
            "id",
            "transform(sequence(0, cast(1 + id % 5 as int)), i -> cast((id + i) % 7 as int))"
                + " features");
  }

  /** A small GPT, up to its loss. */
  static NetworkBuilder gpt(double dropout) {
    return Sequential.input(LENGTH)
        .embedding(IDS, 8)
        .positions(LENGTH)
        .transformerBlock(2, 16, true, dropout)
        .layerNorm()
        .dense(IDS);
  }

  /** An embedding and a layer that see one id at a time, which is enough here. */
  static PipelineParallelSequenceLearner learner() {
    return new PipelineParallelSequenceLearner()
        .setNetwork(
            Sequential.input(LENGTH)
                .embedding(IDS, 8)
                .dense(IDS)
                .loss(Losses.softmaxCrossEntropy())
                .build())
        .setBatchSize(16)
        .setMaxIter(2)
        .setStepSize(0.05);
  }
}
