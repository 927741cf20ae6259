package io.penstock.ml;

import io.penstock.launch.JavaSerialized;
import io.penstock.launch.job.BlockKey;
import io.penstock.launch.job.BlockPart;
import io.penstock.launch.job.DeferredRdd;
import io.penstock.launch.job.ScoringJob;
import io.penstock.train.Outputs;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.SerializableWritable;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.Tuple2;

/**
 * Transformation of rows by a network that lies in stages on executors of their own: see {@link
 * ScoringJob}. Lazy, as all of Spark's transformations.
 *
 * @param scoring the transformation, as it travels
 * @param job of the network
 */
record PipelinedScoring(Scoring scoring, ScoringJob job) {
  /** Returns the rows with their scores behind them, in the same partitions and order. */
  RDD<Row> of(Dataset<Row> rows) {
    SparkContext context = rows.sparkSession().sparkContext();
    return new DeferredRdd<>(context, Row.class, () -> scored(context, rows.javaRDD()));
  }

  private RDD<Row> scored(SparkContext context, JavaRDD<Row> rows) {
    Broadcast<SerializableWritable<JavaSerialized<Scoring>>> own =
        JavaSerialized.broadcast(context, scoring);
    JavaPairRDD<Long, byte[]> parts = rows.mapPartitionsToPair(new Cut(own, job.ranks()));
    return job.scored(context, parts, rows.getNumPartitions()).mapPartitions(new Join(own)).rdd();
  }

  /**
   * Cut of a partition into blocks, and of each block into a part for each rank.
   *
   * @param scoring the transformation
   * @param ranks how many there are
   */
  private record Cut(Broadcast<SerializableWritable<JavaSerialized<Scoring>>> scoring, int ranks)
      implements PairFlatMapFunction<Iterator<Row>, Long, byte[]> {
    @Override
    public Iterator<Tuple2<Long, byte[]>> call(Iterator<Row> rows) {
      int partition = TaskContext.getPartitionId();
      ScoreBlocks blocks = new ScoreBlocks(rows, scoring.value().value().value());
      return new FlatBlocks<ScoreBlock, Tuple2<Long, byte[]>>(blocks) {
        private long number;

        @Override
        List<Tuple2<Long, byte[]>> of(ScoreBlock block) {
          return parts(block, partition, number++);
        }
      };
    }

    private List<Tuple2<Long, byte[]>> parts(ScoreBlock block, int partition, long number) {
      // Rows are carried by all ranks in turn: they are many bytes where features are not all.
      int carrier = (int) ((partition + number) % ranks);
      List<Tuple2<Long, byte[]>> parts = new ArrayList<>(ranks);
      for (int rank = 0; rank < ranks; rank++) {
        BlockPart part =
            new BlockPart(
                block.scored(),
                block.width(),
                rank == 0 ? block.features() : null,
                rank == carrier ? JavaSerialized.bytes(block.carried()) : null);
        parts.add(new Tuple2<>(BlockKey.of(partition, number, rank), JavaSerialized.bytes(part)));
      }
      return parts;
    }
  }

  /**
   * Join of a partition's rows with their outputs, block by block.
   *
   * @param scoring the transformation
   */
  private record Join(Broadcast<SerializableWritable<JavaSerialized<Scoring>>> scoring)
      implements FlatMapFunction<Iterator<Tuple2<Long, byte[]>>, Row> {
    @Override
    public Iterator<Row> call(Iterator<Tuple2<Long, byte[]>> parts) {
      Answers answers = new Answers(scoring.value().value().value());
      return new FlatBlocks<Tuple2<Long, byte[]>, Row>(parts) {
        @Override
        List<Row> of(Tuple2<Long, byte[]> rows) {
          ScoreBlock block = (ScoreBlock) JavaSerialized.value(rows._2());
          Outputs outputs =
              block.scored() == 0 ? null : (Outputs) JavaSerialized.value(parts.next()._2());
          return answers.of(block, outputs);
        }
      };
    }
  }
}
