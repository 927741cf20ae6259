package io.penstock.launch.job;

import static org.apache.spark.sql.functions.expr;

import io.penstock.feed.FeatureColumns;
import io.penstock.feed.LabelKind;
import io.penstock.nn.Sequences;
import io.penstock.nn.network.Sequential;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Rows for a random network. */
record FilledRows(Dataset<Row> data, FeatureColumns columns, LabelKind labels) {
  /**
   * Adds features, and labels of ids, to rows with a class.
   *
   * @param random tells how many of the sequences are of the full length
   */
  static FilledRows of(
      RandomNetworks networks, Dataset<Row> rows, Sequential network, Random random) {
    LabelKind oneClass = LabelKind.classId(RandomNetworks.CLASSES);
    long inputs = network.input().size();
    if (networks != RandomNetworks.TOKENS) {
      String numbers =
          "transform(sequence(1, %d), i -> cast(pmod(hash(id, i), 1000) / 1e3 as float))";
      Dataset<Row> data =
          rows.withColumn("features", expr(String.format(Locale.ROOT, numbers, inputs)));
      List<String> features = List.of("features");
      return new FilledRows(data, FeatureColumns.of(data, features, "label"), oneClass);
    }
    int power = RandomNetworks.any(random, 0, 1, 8, 64, 512);
    String length =
        String.format(
            Locale.ROOT,
            "cast(ceil(%d * pow((1 + pmod(hash(id), 1000)) / 1e3, %d)) as int)",
            inputs,
            power);
    String ids = "transform(sequence(1, %s), i -> cast(pmod(hash(id, i), 20) as int))";
    Dataset<Row> data =
        rows.withColumn("features", expr(String.format(Locale.ROOT, ids, length)))
            .withColumn("next", expr("transform(features, i -> 19 - i)"));
    boolean whole = network.output().rank() == 1;
    LabelKind kind =
        whole ? oneClass : LabelKind.ids(Math.toIntExact(Sequences.width(network.output())));
    return new FilledRows(
        data,
        FeatureColumns.sequences(
            data.schema(), "features", whole ? "label" : "next", kind, Math.toIntExact(inputs)),
        kind);
  }
}
