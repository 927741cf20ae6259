package io.penstock.ml;

import io.penstock.feed.EmptyDataException;
import io.penstock.feed.NumberedColumns;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * Class weights for classes that differ in how often they occur. Stateless; any thread may call.
 */
public final class ClassWeights {
  private ClassWeights() {}

  /**
   * Computes weights under which all classes count the same together: {@code n / (k · n_c)} for n
   * rows of k classes, of which n_c are of class c, as in King and Zeng (2001), "Logistic
   * regression in rare events data". The mean weight of a row is 1. A class that does not occur is
   * not among the k, and gets the weight 1. Runs one Spark job that counts.
   *
   * @param label the column of class numbers
   * @param numClasses how many classes there are; the network has as many outputs
   * @return a weight for each class, for {@code setClassWeights}
   * @throws IllegalArgumentException if the column is missing or not numeric, or a label is no
   *     class
   * @throws EmptyDataException if there are no rows
   */
  public static double[] balanced(Dataset<?> data, String label, int numClasses) {
    return balanced(NumberedColumns.ofAll(data, "balanced"), label, Optional.empty(), numClasses);
  }

  /**
   * Computes weights under which all classes count the same together, for rows with sample weights:
   * {@code n} and {@code n_c} are sums of these.
   *
   * @param weight the column of the rows' weights, which the estimator is given as well
   * @throws EmptyDataException also if all of them are 0
   */
  public static double[] balanced(Dataset<?> data, String label, String weight, int numClasses) {
    return balanced(
        NumberedColumns.ofAll(data, "balanced"), label, Optional.of(weight), numClasses);
  }

  private static double[] balanced(
      NumberedColumns data, String label, Optional<String> weight, int numClasses) {
    if (numClasses < 2) {
      throw new IllegalArgumentException(
          "numClasses is " + numClasses + "; there must be at least 2 to be balanced.");
    }
    Column value = data.numeric(label, "label").cast("double");
    Column counts = weight.map(name -> data.numeric(name, "weight")).orElse(functions.lit(1));
    Column isClass =
        value.geq(0).and(value.lt(numClasses)).and(value.equalTo(functions.floor(value)));
    List<Row> groups =
        data.rows()
            .groupBy(functions.when(isClass, value))
            .agg(functions.sum(counts).cast("double"), functions.first(value))
            .collectAsList();
    if (groups.isEmpty()) {
      throw new EmptyDataException();
    }
    double[] sums = new double[numClasses];
    for (Row group : groups) {
      if (group.isNullAt(0)) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "column '%s' holds %s, which is no class from 0 to %d. Number the classes from 0"
                    + " with StringIndexer, or give the right number of classes.",
                label,
                group.get(2),
                numClasses - 1));
      }
      sums[(int) group.getDouble(0)] = group.isNullAt(1) ? 0 : group.getDouble(1);
    }
    double all = Arrays.stream(sums).sum();
    if (all == 0) {
      throw EmptyDataException.weightless(weight.orElseThrow());
    }
    long present = Arrays.stream(sums).filter(sum -> sum > 0).count();
    return Arrays.stream(sums).map(sum -> sum > 0 ? all / (present * sum) : 1).toArray();
  }
}
