package io.penstock.nn.layer;

import static io.penstock.nn.layer.ComposedConvolution.picture;

import io.penstock.compute.Memory;
import io.penstock.nn.Forward;
import io.penstock.nn.Weightless;
import io.penstock.nn.onednn.Sweep;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Pooling by ND4J's operations, for its other backends and for double precision.
 *
 * @param input densely in 'c' order; kept, for ND4J seeks the largest numbers anew
 */
record ComposedPooling(Pooling layer, Sweep sweep, INDArray input, Memory memory) {
  /** ND4J's number for means without the padding; without meaning for the largest number. */
  private static final int WITHOUT_PADDING = 0;

  private static final int CHANNELS_FIRST = 0;

  Forward into(INDArray output) {
    Nd4j.exec(operation("").addInputs(picture(input)).addOutputs(picture(output)).build());
    return new Forward(output, new Weightless(this::gradient));
  }

  private INDArray gradient(INDArray outputGradient) {
    INDArray result = memory.like(input);
    Nd4j.exec(
        operation("_bp")
            .addInputs(picture(input), picture(memory.dense(outputGradient)))
            .addOutputs(picture(result))
            .build());
    return result;
  }

  private DynamicCustomOp.DynamicCustomOpsBuilder operation(String suffix) {
    String name = layer.kind() == Pooling.Kind.MAX ? "maxpool2d" : "avgpool2d";
    return DynamicCustomOp.builder(name + suffix)
        .addIntegerArguments(
            ComposedConvolution.numbers(sweep, layer.window(), WITHOUT_PADDING, CHANNELS_FIRST));
  }
}
