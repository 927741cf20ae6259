package io.penstock.ml;

import io.penstock.launch.cluster.GpuUse;
import java.util.List;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;

/** Makes the params of {@link PipelineParallelParams} that no other group has. */
final class DeclaredRun {
  private DeclaredRun() {}

  static void in(ParamRegistry params) {
    String uid = params.uid();
    params.add(new NetworkParam(uid));
    params.add(
        new IntParam(
            uid,
            "maxIter",
            "Epochs (>= 1): passes over the data.",
            ParamValidator.atLeastOne("maxIter")),
        10);
    params.add(
        new LongParam(uid, "seed", "Keys the initial weights, dropout and the order of the rows."),
        42L);
    params.add(
        new Param<>(
            uid,
            "weightCol",
            "weight column name. If this is not set or empty, we treat all instance weights as 1.0."
                + " In loss and gradients a row of weight 2 counts as two such rows, one of weight 0"
                + " as none; the statistics of a batch normalisation take every row once. A"
                + " sequence's weight holds at all its places. Weights are finite and >= 0: rows"
                + " with others are refused whatever handleInvalid says. transform needs none.",
            ParamValidator.text("weightCol", "the name of a column, or empty for none")));
    params.add(
        new IntParam(
            uid,
            "blockSize",
            "Rows (>= 1) that transform scores together. More are faster, up to where a block's"
                + " numbers no longer fit in the processor's cache; memory grows with them. How many they"
                + " are, and a row's place among them, tell in the last bits of its scores alone (up"
                + " to 6e-6 of a probability and 3e-5 of a perplexity of 14 were measured)."
                + " Training goes by batchSize and numMicroBatches.",
            ParamValidator.atLeastOne("blockSize")),
        256);
    params.add(
        ChoiceParam.of(
            uid,
            "handleInvalid",
            "What to do with rows in which a feature or label is null, NaN or infinite, that hold an"
                + " empty sequence or whose scores are not finite: error (fail, naming row and"
                + " column), skip (leave them out) or keep (fit leaves them out, transform keeps"
                + " them with null in every column that it appends).",
            List.of("error", "skip", "keep")),
        "error");
    params.add(
        ChoiceParam.of(
            uid,
            "requireGpu",
            "Whether stages compute on GPUs: true (fit is refused before its job starts unless every"
                + " stage gets a GPU of its own that can be used), auto (a stage that Spark gives a"
                + " GPU takes it if it can be used, otherwise the CPU, and fit says so) or false"
                + " (the CPU, also where GPUs are).",
            GpuUse.ids()),
        GpuUse.AUTO.id());
  }
}
