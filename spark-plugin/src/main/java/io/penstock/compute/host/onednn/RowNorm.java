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
import java.lang.ref.Reference;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl.normalization_flags;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.layer_normalization_backward;
import org.bytedeco.dnnl.layer_normalization_forward;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Kernel of layer normalisation and of its gradients: brings every row to mean 0 and variance 1,
 * then scales and shifts each of its numbers. All arrays lie densely in 'c' order; scales lie at
 * once before shifts. For one thread.
 */
@Internal
public final class RowNorm {
  /** Shape and epsilon that a kernel is compiled for. Immutable. */
  public record Size(long rows, long width, float epsilon) {}

  private final long width;
  private final Handle handle = new Handle();
  private final stream stream;
  private final layer_normalization_forward forward;
  private final layer_normalization_backward backward;
  private final memory input;
  private final memory output;
  private final memory mean;
  private final memory variance;
  private final memory scale;
  private final memory shift;
  private final memory outputGradient;
  private final memory inputGradient;
  private final memory scaleGradient;
  private final memory shiftGradient;
  private final IntMemoryMap forwardArguments = new IntMemoryMap();
  private final IntMemoryMap backwardArguments = new IntMemoryMap();

  /** Compiles both directions. */
  public RowNorm(Size size) {
    width = size.width;
    engine engine = OneDnn.processor();
    stream = new stream(engine);
    memory.desc rows = OneDnn.floats(memory.format_tag.ab, size.rows, size.width);
    memory.desc moments = OneDnn.floats(memory.format_tag.a, size.rows);
    memory.desc each = OneDnn.floats(memory.format_tag.a, size.width);
    int flags = normalization_flags.use_scale.value | normalization_flags.use_shift.value;
    layer_normalization_forward.primitive_desc described =
        new layer_normalization_forward.primitive_desc(
            engine, prop_kind.forward_training.value, rows, rows, moments, size.epsilon, flags);
    forward = new layer_normalization_forward(described);
    backward =
        new layer_normalization_backward(
            new layer_normalization_backward.primitive_desc(
                engine,
                prop_kind.backward.value,
                rows,
                rows,
                rows,
                moments,
                size.epsilon,
                flags,
                described));
    input = new memory(rows, engine, (Pointer) null);
    output = new memory(rows, engine, (Pointer) null);
    mean = new memory(moments, engine, (Pointer) null);
    variance = new memory(moments, engine, (Pointer) null);
    scale = new memory(each, engine, (Pointer) null);
    shift = new memory(each, engine, (Pointer) null);
    outputGradient = new memory(rows, engine, (Pointer) null);
    inputGradient = new memory(rows, engine, (Pointer) null);
    scaleGradient = new memory(each, engine, (Pointer) null);
    shiftGradient = new memory(each, engine, (Pointer) null);
    forwardArguments.put(DNNL_ARG_SRC, input).put(DNNL_ARG_DST, output);
    for (IntMemoryMap arguments : new IntMemoryMap[] {forwardArguments, backwardArguments}) {
      arguments
          .put(DNNL_ARG_MEAN, mean)
          .put(DNNL_ARG_VARIANCE, variance)
          .put(DNNL_ARG_SCALE, scale)
          .put(DNNL_ARG_SHIFT, shift);
    }
    backwardArguments
        .put(DNNL_ARG_SRC, input)
        .put(DNNL_ARG_DIFF_DST, outputGradient)
        .put(DNNL_ARG_DIFF_SRC, inputGradient)
        .put(DNNL_ARG_DIFF_SCALE, scaleGradient)
        .put(DNNL_ARG_DIFF_SHIFT, shiftGradient);
  }

  /**
   * Normalises every row.
   *
   * @param input {@code [rows, width]}
   * @param scale the first of {@code 2 · width} numbers: scales, then shifts
   * @param mean {@code [rows]}, overwritten
   * @param variance {@code [rows]}, overwritten
   * @param output {@code [rows, width]}, overwritten
   */
  public void forward(
      INDArray input, INDArray scale, INDArray mean, INDArray variance, INDArray output) {
    hand(input, scale, mean, variance);
    handle.give(this.output, output);
    forward.execute(stream, forwardArguments);
    Reference.reachabilityFence(input);
    Reference.reachabilityFence(scale);
    Reference.reachabilityFence(mean);
    Reference.reachabilityFence(variance);
    Reference.reachabilityFence(output);
  }

  /**
   * Computes all gradients.
   *
   * @param input the forward's, as {@code scale}, {@code mean} and {@code variance} are
   * @param outputGradient {@code [rows, width]}
   * @param inputGradient {@code [rows, width]}, overwritten
   * @param scaleShiftGradient {@code [2, width]}, overwritten
   */
  public void backward(
      INDArray input,
      INDArray scale,
      INDArray mean,
      INDArray variance,
      INDArray outputGradient,
      INDArray inputGradient,
      INDArray scaleShiftGradient) {
    hand(input, scale, mean, variance);
    handle.give(this.outputGradient, outputGradient);
    handle.give(this.inputGradient, inputGradient);
    handle.give(scaleGradient, scaleShiftGradient);
    handle.give(shiftGradient, scaleShiftGradient, width);
    backward.execute(stream, backwardArguments);
    Reference.reachabilityFence(input);
    Reference.reachabilityFence(scale);
    Reference.reachabilityFence(mean);
    Reference.reachabilityFence(variance);
    Reference.reachabilityFence(outputGradient);
    Reference.reachabilityFence(inputGradient);
    Reference.reachabilityFence(scaleShiftGradient);
  }

  private void hand(INDArray input, INDArray scale, INDArray mean, INDArray variance) {
    handle.give(this.input, input);
    handle.give(this.scale, scale);
    handle.give(shift, scale, width);
    handle.give(this.mean, mean);
    handle.give(this.variance, variance);
  }
}
