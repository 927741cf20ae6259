package io.penstock.compute.host.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SCALE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SHIFT;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_MEAN;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SCALE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SHIFT;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_VARIANCE;

import io.penstock.Internal;
import io.penstock.compute.Kernels;
import org.bytedeco.dnnl.batch_normalization_backward;
import org.bytedeco.dnnl.batch_normalization_forward;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl.normalization_flags;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Kernel of batch normalisation of every channel, and of its gradients. For one thread. */
@Internal
public final class BatchNormKernel {
  /**
   * Shape and form that a kernel is compiled for. Immutable.
   *
   * @param rows how many
   * @param channels of each row
   * @param points of each channel
   * @param given whether mean and variance come from elsewhere; otherwise they are the rows' own
   */
  public record Size(long rows, long channels, long points, double epsilon, boolean given) {
    /** Rows of single points are the points of one picture whose channels run fastest. */
    private memory.desc plain() {
      return points == 1
          ? OneDnn.floats(memory.format_tag.nhwc, 1, channels, rows, 1)
          : OneDnn.floats(memory.format_tag.nchw, rows, channels, points, 1);
    }

    private memory.desc quick() {
      return points == 1
          ? plain()
          : OneDnn.floats(WindowGeometry.quickOrder(channels), rows, channels, points, 1);
    }
  }

  private final BoundPrimitive forward;
  private final BoundPrimitive backward;

  /** Compiles both directions. */
  public BatchNormKernel(Size size) {
    engine engine = OneDnn.processor();
    memory.desc rows = size.plain();
    memory.desc quick = size.quick();
    memory.desc each = OneDnn.floats(memory.format_tag.x, size.channels);
    int flags =
        normalization_flags.use_scale.value
            | normalization_flags.use_shift.value
            | (size.given ? normalization_flags.use_global_stats.value : 0);
    float epsilon = (float) size.epsilon;
    batch_normalization_forward.primitive_desc there =
        new batch_normalization_forward.primitive_desc(
            engine, prop_kind.forward_training.value, quick, quick, epsilon, flags);
    batch_normalization_backward.primitive_desc back =
        new batch_normalization_backward.primitive_desc(
            engine, prop_kind.backward.value, quick, quick, quick, epsilon, flags, there);
    forward =
        new BoundPrimitive(engine, new batch_normalization_forward(there))
            .reads(DNNL_ARG_SRC, rows, quick)
            .writes(DNNL_ARG_DST, rows, quick)
            .reads(DNNL_ARG_SCALE, each, each)
            .readsOn(DNNL_ARG_SHIFT, each, each)
            .writes(DNNL_ARG_MEAN, each, each)
            .writes(DNNL_ARG_VARIANCE, each, each);
    backward =
        new BoundPrimitive(engine, new batch_normalization_backward(back))
            .reads(DNNL_ARG_SRC, rows, quick)
            .reads(DNNL_ARG_DIFF_DST, rows, quick)
            .reads(DNNL_ARG_SCALE, each, each)
            .reads(DNNL_ARG_MEAN, each, each)
            .reads(DNNL_ARG_VARIANCE, each, each)
            .writes(DNNL_ARG_DIFF_SRC, rows, quick)
            .writes(DNNL_ARG_DIFF_SCALE, each, each)
            .writesOn(DNNL_ARG_DIFF_SHIFT, each, each);
  }

  /**
   * Normalises.
   *
   * @param scaleAndShift {@code [2 · channels]}: all scales, then all shifts
   * @param mean {@code [channels]}; read if given, else overwritten
   * @param variance likewise: that of the rows themselves, divided by their number
   */
  public void forward(
      INDArray input,
      INDArray scaleAndShift,
      INDArray mean,
      INDArray variance,
      INDArray output,
      Kernels kernels) {
    forward.run(Scratch.of(kernels), input, output, scaleAndShift, mean, variance);
  }

  /**
   * Computes both gradients, for neither comes without the sums that the other needs.
   *
   * @param inputGradient overwritten
   * @param scaleAndShiftGradient {@code [2 · channels]}; overwritten
   */
  public void backward(
      INDArray input,
      INDArray outputGradient,
      INDArray scaleAndShift,
      INDArray mean,
      INDArray variance,
      INDArray inputGradient,
      INDArray scaleAndShiftGradient,
      Kernels kernels) {
    backward.run(
        Scratch.of(kernels),
        input,
        outputGradient,
        scaleAndShift,
        mean,
        variance,
        inputGradient,
        scaleAndShiftGradient);
  }
}
