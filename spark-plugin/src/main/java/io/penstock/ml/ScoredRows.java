package io.penstock.ml;

import io.penstock.train.Outputs;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.Row;

/** A partition's rows with their scores behind them, computed a block at a time. */
final class ScoredRows extends FlatBlocks<ScoreBlock, Row> {
  private final Scoring scoring;
  private final NetworkCopy network;

  ScoredRows(Iterator<Row> source, Scoring scoring, NetworkCopy network) {
    super(new ScoreBlocks(source, scoring));
    this.scoring = scoring;
    this.network = network;
  }

  @Override
  List<Row> of(ScoreBlock block) {
    Outputs outputs =
        block.scored() == 0
            ? null
            : network.outputs(block.features(), block.scored(), scoring.columns().predicted());
    return new Answers(scoring).of(block, outputs);
  }
}
