package io.penstock.ml;

import java.util.Arrays;
import java.util.Objects;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.StringArrayParam;

/** Makes the params of {@link TableParams}. */
final class DeclaredTable {
  private static final String LAYERS =
      "at least two sizes, inputs and outputs, each of at least 1, for example {784, 256, 10}";

  private DeclaredTable() {}

  static void in(ParamRegistry params) {
    params.add(
        new StringArrayParam(
            params.parent(),
            "featuresCols",
            "Several numeric columns that are the features, in this order. Takes the place of"
                + " featuresCol, which holds one vector or array of numbers.",
            new ParamValidator<>(
                "featuresCols",
                "the names of one numeric column or more, none of them null",
                DeclaredTable::validNames)));
    params.add(
        new IntArrayParam(
            params.parent(),
            "layers",
            "Sizes of a perceptron's layers from inputs to outputs, for example Array(784, 256,"
                + " 10), with ReLU between them. An own network goes into network.",
            new ParamValidator<>("layers", LAYERS, DeclaredTable::validSizes)));
  }

  private static boolean validNames(String[] names) {
    return names.length >= 1 && Arrays.stream(names).allMatch(Objects::nonNull);
  }

  private static boolean validSizes(int[] sizes) {
    return sizes.length >= 2 && Arrays.stream(sizes).allMatch(size -> size >= 1);
  }
}
