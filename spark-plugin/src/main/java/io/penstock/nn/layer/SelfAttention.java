package io.penstock.nn.layer;

import io.penstock.Amount;
import io.penstock.compute.Matrices;
import io.penstock.compute.Memory;
import io.penstock.compute.Products;
import io.penstock.compute.Rows;
import io.penstock.nn.Backward;
import io.penstock.nn.Forward;
import io.penstock.nn.Initializer;
import io.penstock.nn.Layer;
import io.penstock.nn.ParameterSpec;
import io.penstock.nn.Parameters;
import io.penstock.nn.Pass;
import io.penstock.nn.Places;
import io.penstock.nn.Sequences;
import io.penstock.nn.Shape;
import io.penstock.nn.ShapeException;
import io.penstock.nn.Sizes;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Multi-head self-attention on sequences {@code [length, width]} (Vaswani et al., 2017, arXiv
 * 1706.03762): every position takes of every other as much as its query fits the other's key. Where
 * it is not causal, nothing is taken of padding; where it is, pad at the end, and no padding is
 * ever seen. Immutable.
 *
 * @param heads how many there are; they divide the width
 * @param causal whether a position sees only itself and those before it
 */
public record SelfAttention(
    @JsonProperty("heads") long heads, @JsonProperty("causal") boolean causal) implements Layer {
  private static final String NAME = "Self-attention";

  /**
   * Name of the weights of queries, keys and values as one product: columns in this order, head by
   * head.
   */
  private static final String PROJECTION = "projection";

  private static final String PROJECTION_BIAS = "projectionBias";
  private static final String OUTPUT = "output";
  private static final String OUTPUT_BIAS = "outputBias";

  /** Operations of the softmax and the scaling of one score; a power of e counts as eight. */
  private static final int SOFTMAX = 12;

  /**
   * @throws ShapeException if there are no heads
   */
  @JsonCreator
  public SelfAttention {
    if (heads < 1) {
      throw new ShapeException(
          NAME
              + " cannot have "
              + new Amount(heads, "head")
              + "; give 1 or more that divide the width.");
    }
  }

  @Override
  public boolean computesAnywhere() {
    return true;
  }

  @Override
  public Shape outputShape(Shape input) {
    checkHeads(Sequences.width(Sequences.checked(NAME, input)));
    return input;
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    long width = Sequences.width(input);
    Initializer weights = Initializer.scaled(width, 1);
    return List.of(
        new ParameterSpec(PROJECTION, List.of(width, 3 * width), weights),
        new ParameterSpec(PROJECTION_BIAS, List.of(3 * width), Initializer.zeros()),
        new ParameterSpec(OUTPUT, List.of(width, width), weights),
        new ParameterSpec(OUTPUT_BIAS, List.of(width), Initializer.zeros()));
  }

  @Override
  public long flops(Shape input) {
    long width = Sequences.width(input);
    long length = input.size() / width;
    long projections = Sizes.product(length, width, 8 * width + 4);
    long scores = Sizes.product(length, length, 4 * width + SOFTMAX * heads);
    return Math.addExact(projections, scores);
  }

  @Override
  public long stashedFloats(Shape input) {
    long length = input.size() / Sequences.width(input);
    long vectors = 5 * input.size(); // queries, keys, values, what is taken by them, the output
    return Sizes.product(2, Math.addExact(vectors, Sizes.product(heads, length, length)));
  }

  /** Returns false: every position takes of itself, if only its values 0 times. */
  @Override
  public boolean hidesNotFinite() {
    return false;
  }

  @Override
  public boolean readsPlaces() {
    return !causal;
  }

  @Override
  public Forward forward(INDArray input, Parameters parameters, Pass pass) {
    long width = parameters.get(OUTPUT).size(0);
    Sequences.check(NAME, input, width);
    checkHeads(width);
    Memory memory = pass.memory();
    INDArray x = memory.dense(input);
    INDArray output = memory.like(x);
    Back back = new Back(x, this, parameters, memory);
    back.forward(output, pass, pass.places().in(x));
    return new Forward(output, back);
  }

  private void checkHeads(long width) {
    if (width % heads != 0) {
      throw new ShapeException(
          NAME
              + " of "
              + new Amount(heads, "head")
              + " cannot share out vectors of "
              + width
              + " evenly; give a number of heads that divides "
              + width
              + ".");
    }
  }

  /**
   * Backward pass, which keeps the input, queries, keys, values, attention weights and what is
   * taken by them.
   */
  private static final class Back implements Backward {
    private final SelfAttention layer;
    private final Parameters parameters;
    private final Memory memory;
    private final DataType type;
    private final long rows;
    private final long width;
    private final INDArray input;
    private final INDArray projected;
    private final INDArray shares;
    private final INDArray taken;
    private final Matrices queries;
    private final Matrices keys;
    private final Matrices values;
    private final Matrices sharesOfHeads;
    private final double factor;
    private final BackwardHalves<INDArray> projectedGradients =
        new BackwardHalves<>(this::projectedGradient);

    Back(INDArray input, SelfAttention layer, Parameters parameters, Memory memory) {
      this.layer = layer;
      this.parameters = parameters;
      this.memory = memory;
      type = input.dataType();
      rows = input.size(0);
      long length = input.size(1);
      width = input.size(2);
      factor = 1 / Math.sqrt((double) width / layer.heads);
      this.input = input;
      projected = memory.array(type, rows * length, 3 * width);
      shares = memory.array(type, rows, layer.heads, length, length);
      taken = memory.array(type, rows * length, width);
      queries = heads(projected, 0);
      keys = heads(projected, width);
      values = heads(projected, 2 * width);
      sharesOfHeads = Matrices.dense(shares);
    }

    void forward(INDArray output, Pass pass, Places places) {
      Products products = products();
      products.rows(
          input, parameters, PROJECTION, false, parameters.get(PROJECTION_BIAS), projected);
      products.multiply(queries, false, keys, true, factor, sharesOfHeads);
      // |q · k| is at most (q · q + k · k) / 2: only where that is infinite can a score be.
      if (pass.looksLater() || !memory.compute(input).rows().squaresAreFinite(projected)) {
        pass.show("the softmax of its scores", shares);
      }
      AttentionWeights weights = new AttentionWeights(shares, memory);
      if (layer.causal) {
        weights.mask();
      } else {
        weights.mask(places);
      }
      weights.softmax();
      products.multiply(sharesOfHeads, false, values, false, 1, heads(taken, 0));
      products.rows(taken, parameters, OUTPUT, false, parameters.get(OUTPUT_BIAS), output);
    }

    @Override
    public INDArray inputGradient(INDArray outputGradient) {
      INDArray result = memory.array(type, outputGradient.shape());
      INDArray gradient = projectedGradients.compute(outputGradient);
      products().rows(gradient, parameters, PROJECTION, true, null, result);
      return result;
    }

    @Override
    public void weightGradient(INDArray outputGradient, Parameters gradients) {
      INDArray gradient = memory.dense(outputGradient);
      INDArray projectedGradient = projectedGradients.get(outputGradient);
      Rows sums = memory.compute(input).rows();
      products().weightGradient(taken, gradient, gradients.get(OUTPUT));
      sums.addUp(gradient, gradients.get(OUTPUT_BIAS));
      products().weightGradient(input, projectedGradient, gradients.get(PROJECTION));
      sums.addUp(projectedGradient, gradients.get(PROJECTION_BIAS));
    }

    /** Computes the gradient of queries, keys and values. */
    private INDArray projectedGradient(INDArray outputGradient) {
      INDArray gradient = memory.dense(outputGradient);
      INDArray takenGradient = memory.like(taken);
      Products products = products();
      products.rows(gradient, parameters, OUTPUT, true, null, takenGradient);
      INDArray result = memory.like(projected);
      Matrices taking = heads(takenGradient, 0);
      products.multiply(sharesOfHeads, true, taking, false, 1, heads(result, 2 * width));
      INDArray scores = memory.like(shares);
      Matrices inner = Matrices.dense(scores);
      products.multiply(taking, false, values, true, 1, inner);
      new AttentionWeights(shares, memory).back(scores);
      products.multiply(inner, false, keys, false, factor, heads(result, 0));
      products.multiply(inner, true, queries, false, factor, heads(result, width));
      return result;
    }

    private Products products() {
      return memory.compute(input).products();
    }

    /** Returns the heads' matrices, which lie side by side from this number on. */
    private Matrices heads(INDArray vectors, long from) {
      return Matrices.sideBySide(vectors, from, rows, layer.heads, width / layer.heads);
    }
  }
}
