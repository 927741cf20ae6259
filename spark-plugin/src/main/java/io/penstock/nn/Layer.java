package io.penstock.nn;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonSubTypes;
import org.nd4j.shade.jackson.annotation.JsonTypeInfo;

/**
 * One layer's description; immutable. What it computes depends on its input, its parameters and the
 * pass alone, and its output has an element order of its own choice whatever came in: on this rests
 * that a network cut into stages equals one that is not, to the last bit.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Dense.class, name = "dense"),
  @JsonSubTypes.Type(value = ActivationLayer.class, name = "activation"),
  @JsonSubTypes.Type(value = Flatten.class, name = "flatten"),
  @JsonSubTypes.Type(value = Dropout.class, name = "dropout")
})
public interface Layer {
  /**
   * The shape of an output row.
   *
   * @throws ShapeException if the layer cannot take such an input
   */
  Shape outputShape(Shape input);

  /** What the layer learns; empty for most. */
  default List<ParameterSpec> parameters(Shape input) {
    return List.of();
  }

  /** Floating-point operations of one row's forward. */
  long flops(Shape input);

  /**
   * Computes the layer for a micro-batch.
   *
   * @param input rows first; not changed
   */
  Forward forward(INDArray input, Parameters parameters, Pass pass);
}
