package io.penstock.dl4j;

import io.penstock.Amount;
import io.penstock.nn.Layer;
import io.penstock.nn.layer.BatchNorm;
import java.math.BigDecimal;
import java.util.Set;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Batch normalisation. DL4J keeps the running variance as such or as the decimal logarithm of its
 * root; its decay is the share of what was before, Penstock's momentum that of what is new.
 */
final class BatchNormMapping implements LayerReader, LayerWriter {
  private static final String SCALE = "scale";
  private static final String SHIFT = "shift";
  private static final String MEAN = "mean";
  private static final String VARIANCE = "variance";
  private static final String DL4J_SCALE = "gamma";
  private static final String DL4J_SHIFT = "beta";
  private static final String DL4J_MEAN = "mean";
  private static final String DL4J_VARIANCE = "var";
  private static final String DL4J_LOG_DEVIATION = "log10stdev";

  @Override
  public Set<Class<?>> reads() {
    return Set.of(BatchNormalization.class);
  }

  @Override
  public Set<Class<? extends Layer>> writes() {
    return Set.of(BatchNorm.class);
  }

  @Override
  public void read(Source source, Reading reading) {
    BatchNormalization layer = (BatchNormalization) source.layer();
    if (layer.isLockGammaBeta()) {
      throw source.refuse(
          "its gamma and beta are locked, Penstock trains them; build it without lockGammaBeta.");
    }
    if (reading.shape().rank() == 2) {
      throw source.refuse(
          "batch normalisation of rows of two dimensions is not read; use pictures of [channels, 1,"
              + " length].");
    }
    if (layer.getNOut() != reading.shape().dims().get(0)) {
      throw source.refuse(
          "it takes "
              + new Amount(layer.getNOut(), "channel")
              + " but gets rows of "
              + reading.shape()
              + "; give the shape of the network's input rows, such as Shape.of(3, 32, 32).");
    }
    FeatureOrder order = reading.order();
    boolean logarithm = layer.isUseLogStd();
    reading.add(
        source,
        new BatchNorm(rest(layer.getDecay()), layer.getEps()),
        (dl4j, ours) -> {
          WeightCopy.assign(ours.get(SCALE), order.vector(dl4j.get(DL4J_SCALE)));
          WeightCopy.assign(ours.get(SHIFT), order.vector(dl4j.get(DL4J_SHIFT)));
          WeightCopy.assign(ours.get(MEAN), order.vector(dl4j.get(DL4J_MEAN)));
          INDArray variance =
              logarithm
                  ? Transforms.exp(dl4j.get(DL4J_LOG_DEVIATION).mul(2 * Math.log(10)))
                  : dl4j.get(DL4J_VARIANCE);
          WeightCopy.assign(ours.get(VARIANCE), order.vector(variance));
        });
  }

  @Override
  public void write(Target target, Writing writing) {
    BatchNorm norm = (BatchNorm) target.layer();
    if (target.input().rank() == 2) {
      throw target.refuse(
          "batch normalisation is written for rows of [channels, height, width] or [channels], but"
              + " these are "
              + target.input()
              + ".");
    }
    BatchNormalization layer =
        new BatchNormalization.Builder()
            .decay(rest(norm.momentum()))
            .eps(norm.epsilon())
            .useLogStd(false)
            // It applies none; without a name DL4J writes its default, which would mislead.
            .activation(Activation.IDENTITY)
            .build();
    writing.add(
        layer,
        target,
        (dl4j, ours) -> {
          WeightCopy.assign(dl4j.get(DL4J_SCALE), ours.get(SCALE));
          WeightCopy.assign(dl4j.get(DL4J_SHIFT), ours.get(SHIFT));
          WeightCopy.assign(dl4j.get(DL4J_MEAN), ours.get(MEAN));
          WeightCopy.assign(dl4j.get(DL4J_VARIANCE), ours.get(VARIANCE));
        });
  }

  /** What is left of 1; decimal, so that 0.1 and 0.9 belong together. */
  private static double rest(double share) {
    return BigDecimal.ONE.subtract(BigDecimal.valueOf(share)).doubleValue();
  }
}
