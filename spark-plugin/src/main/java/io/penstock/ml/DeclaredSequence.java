package io.penstock.ml;

import org.apache.spark.ml.param.Param;

/** Makes the params of {@link SequenceParams}. */
final class DeclaredSequence {
  /** Rows scored together: sequences have outputs for every place, so a block is large soon. */
  private static final int BLOCK = 16;

  private DeclaredSequence() {}

  static void in(ParamRegistry params) {
    String uid = params.uid();
    params.add(
        new Param<>(
            uid,
            "featuresCol",
            "Column of token ids, from 0: array<int>, array<long> or array<short>, as many as the"
                + " row has.",
            ParamValidator.text("featuresCol", "the name of a column")),
        "features");
    params.add(
        new Param<>(
            uid,
            "labelCol",
            "Column of labels, an id for every token: an array as long as that of the features,"
                + " negative where there is none. Left out, the label of a token is the next token.",
            ParamValidator.text("labelCol", "the name of a column")));
    params.add(
        new Param<>(
            uid,
            "predictionCol",
            "Column for the likeliest id at every place, array<int>. Empty for none.",
            ParamValidator.text("predictionCol", "the name of a column, or empty for none")),
        "prediction");
    params.add(
        new Param<>(
            uid,
            "logLikelihoodCol",
            "Column for the natural logarithm of the probability that every label has,"
                + " array<double>, null where there is no label. Empty for none.",
            ParamValidator.text("logLikelihoodCol", "the name of a column, or empty for none")),
        "");
    params.add(
        new Param<>(
            uid,
            "perplexityCol",
            "Column for the row's perplexity, the power of e of minus the mean log-likelihood; null"
                + " in a row without labels. Empty for none.",
            ParamValidator.text("perplexityCol", "the name of a column, or empty for none")),
        "");
    params.change("blockSize", BLOCK);
  }
}
