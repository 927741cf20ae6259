package io.penstock.examples;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.stddev;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Brings columns to mean 0 and deviation 1, in one {@code array<float>}. Spark ML's {@code
 * StandardScaler} does the same, but takes and gives ML vectors, of which the RAPIDS Accelerator
 * knows nothing.
 *
 * @param names the columns, in the array's order
 * @param means their means
 * @param deviations their standard deviations, none of them 0
 */
record Scale(List<String> names, double[] means, double[] deviations) {

  /** Measures columns; runs a Spark job. A column that is the same in all rows becomes 0. */
  static Scale of(Dataset<Row> rows, List<String> names) {
    Column[] measures =
        names.stream().flatMap(name -> Stream.of(avg(name), stddev(name))).toArray(Column[]::new);
    // Not first(): a limit on one row of sums is an operator that the GPU does without.
    Row measured =
        rows.agg(measures[0], Arrays.copyOfRange(measures, 1, measures.length))
            .collectAsList()
            .get(0);
    double[] means =
        IntStream.range(0, names.size()).mapToDouble(i -> measured.getDouble(2 * i)).toArray();
    double[] deviations =
        IntStream.range(0, names.size())
            .mapToDouble(i -> measured.getDouble(2 * i + 1))
            .map(deviation -> deviation > 0 ? deviation : 1)
            .toArray();
    return new Scale(List.copyOf(names), means, deviations);
  }

  /** The columns brought to scale, as one array. */
  Column asArray() {
    return array(
        IntStream.range(0, names.size())
            .mapToObj(i -> col(names.get(i)).minus(means[i]).divide(deviations[i]).cast("float"))
            .toArray(Column[]::new));
  }
}
