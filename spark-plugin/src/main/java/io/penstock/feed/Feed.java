package io.penstock.feed;

import io.penstock.Internal;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.Tuple2;

/**
 * Way of the rows from a DataFrame's partitions to the ends of every replica's pipeline, through
 * one shuffle. Stateless; for the driver's threads.
 */
@Internal
public final class Feed {
  private Feed() {}

  /**
   * Packs a DataFrame's rows and moves them, in one shuffle that Spark may spill: the features to
   * one partition of each replica, the labels to others or the same, both sorted by bucket. All
   * other partitions are empty. What a partition holds is read with {@link Stores#build}. Lazy:
   * nothing runs before an action on the result.
   *
   * <p>Running it throws {@link BadRowException} on the executor for a row that cannot be trained
   * on.
   *
   * @param seed part of the rows' keys: another seed gives another order
   * @param ends the ranks that take the rows; as many partitions has the result as there are ranks
   * @throws IllegalArgumentException if the columns were found for another kind of label
   */
  public static JavaRDD<RowBlock> blocks(
      Dataset<Row> data, FeatureColumns columns, LabelKind labels, long seed, RowEnds ends) {
    return blocks(data, columns, labels, Optional.empty(), seed, ends);
  }

  /**
   * Packs and moves rows of which a column holds some back for validation. They go the same way, in
   * blocks that come behind all others: see {@link SplitStores}.
   */
  public static JavaRDD<RowBlock> blocks(
      Dataset<Row> data,
      FeatureColumns columns,
      LabelKind labels,
      Optional<ValidationColumn> validation,
      long seed,
      RowEnds ends) {
    columns.labelWidth(labels); // a mismatch is told here, not by every task
    NumberedColumns rows = NumberedColumns.of(data);
    Column[] selected =
        Stream.concat(
                columns.selection(rows).stream(),
                validation.stream().map(it -> rows.column(it.name())))
            .toArray(Column[]::new);
    int indicatorAt = selected.length - 1;
    ValidationColumn indicator = validation.orElse(null); // an Optional does not travel
    JavaRDD<Tuple2<Integer, byte[]>> packed =
        QueryRows.of(
            rows.rows().select(selected),
            (partition, own) ->
                new PackedRows(
                    own,
                    new RowDecoder(columns, labels, partition),
                    indicator == null ? RowRole.ALL_TRAIN : indicator.in(partition, indicatorAt),
                    seed));
    // Integers and byte arrays only: every serializer that Spark may be set to knows these.
    JavaRDD<Tuple2<Integer, byte[]>> sent =
        packed.flatMap(
            block ->
                ends.takers(RowBlock.partOf(block._1())).stream()
                    .map(rank -> new Tuple2<>(address(rank, block._1()), block._2()))
                    .iterator());
    return JavaPairRDD.fromJavaRDD(sent)
        .repartitionAndSortWithinPartitions(new ToRanks(ends.ranks()), Comparator.naturalOrder())
        .map(block -> RowBlock.of(block._1() % RowBlock.NUMBERS, block._2()));
  }

  /** Returns a key by which a block goes to a rank, and is sorted there by its number. */
  private static int address(int rank, int number) {
    return Math.addExact(Math.multiplyExact(rank, RowBlock.NUMBERS), number);
  }

  /** Every block to the rank of its {@link #address}. */
  private static final class ToRanks extends Partitioner {
    private static final long serialVersionUID = 1L;

    private final int ranks;

    ToRanks(int ranks) {
      this.ranks = ranks;
    }

    @Override
    public int numPartitions() {
      return ranks;
    }

    @Override
    public int getPartition(Object address) {
      return (Integer) address / RowBlock.NUMBERS;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof ToRanks to && to.ranks == ranks;
    }

    @Override
    public int hashCode() {
      return ranks;
    }
  }
}
