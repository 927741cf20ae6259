package io.penstock.ml;

import io.penstock.Amount;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.network.SplitOutput;
import io.penstock.nn.update.Updater;
import java.lang.reflect.Array;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamPair;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Log of a fit on the driver at level INFO, as MLlib's Instrumentation writes it: the params when
 * it begins and how it went when it ends. The rows and every epoch are told by {@link
 * io.penstock.launch.job.TrainingJob}.
 */
record FitLog(PipelineParallelEstimator<?> estimator, Sequential network) {
  private static final Logger LOG = LoggerFactory.getLogger(FitLog.class);

  /** Characters of a value. */
  private static final int LONGEST = 60;

  /** Characters of an updater, whose learning-rate schedule stands among its numbers. */
  private static final int LONGEST_UPDATER = 120;

  private static final Pattern NO_VALUE = Pattern.compile("(, )?\\b\\w+=(NaN|null)(?=[,)])");

  /** Logs the params that are not as they are by default. */
  void params() {
    if (LOG.isInfoEnabled()) {
      LOG.info("{}: {}", estimator.uid(), words());
      LOG.info(
          "{}: network of {}, {} to {}{}, loss {}",
          estimator.uid(),
          new Amount(network.layers().size(), "layer"),
          network.input(),
          network.output(),
          SplitOutput.in(network)
              .map(split -> " in " + new Amount(split.blocks(), "block"))
              .orElse(""),
          network.loss().name());
    }
  }

  String words() {
    return CollectionConverters.asJava(estimator.extractParamMap().toSeq()).stream()
        .filter(pair -> !pair.param().name().equals("network") && !isDefault(pair))
        .map(FitLog::said)
        .sorted()
        .collect(
            Collectors.collectingAndThen(
                Collectors.joining(", "),
                all -> all.isEmpty() ? "every param at its default" : all));
  }

  private boolean isDefault(ParamPair<?> pair) {
    Param<?> param = pair.param();
    return estimator.hasDefault(param)
        && Objects.deepEquals(estimator.getDefault(param).get(), pair.value());
  }

  private static String said(ParamPair<?> pair) {
    String text = text(pair.value());
    // The JSON of an updater tells all of its settings, the usual ones too.
    boolean json =
        pair.param().name().equals("updater")
            && pair.param() instanceof ChoiceParam<?> updater
            && !updater.isName(text);
    String known = json ? known(Updater.fromJson(text).toString()) : text;
    int longest = json ? LONGEST_UPDATER : LONGEST;
    return pair.param().name()
        + "="
        + (known.length() <= longest ? known : known.substring(0, longest) + "...");
  }

  /** Without the fields that have no value, such as the learning rate beside a schedule. */
  private static String known(String fields) {
    return NO_VALUE.matcher(fields).replaceAll("").replace("(, ", "(");
  }

  private static String text(Object value) {
    return value.getClass().isArray()
        ? IntStream.range(0, Array.getLength(value))
            .mapToObj(i -> String.valueOf(Array.get(value, i)))
            .collect(Collectors.joining(", ", "[", "]"))
        : String.valueOf(value);
  }

  /** Logs how it went. */
  void end(TrainingSummary summary) {
    LOG.info(
        "{}: {} done{}, {} rows/s",
        estimator.uid(),
        new Amount(summary.totalIterations(), "epoch"),
        summary.bestEpoch().isPresent()
            ? ", the weights are of epoch " + (summary.bestEpoch().getAsInt() + 1)
            : "",
        Math.round(summary.rowsPerSecond()));
    summary.result().prediction().ifPresent(LOG::info);
  }
}
