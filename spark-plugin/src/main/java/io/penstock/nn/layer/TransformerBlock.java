package io.penstock.nn.layer;

import io.penstock.nn.Forward;
import io.penstock.nn.Layer;
import io.penstock.nn.ParameterSpec;
import io.penstock.nn.Parameters;
import io.penstock.nn.Pass;
import io.penstock.nn.Sequences;
import io.penstock.nn.Shape;
import io.penstock.nn.ShapeException;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Transformer block on sequences {@code [length, width]} (Vaswani et al., 2017, arXiv 1706.03762;
 * normalised before each part, as in GPT-2): self-attention, then two dense layers with an
 * activation between them, each part as a {@link Residual} that begins with a {@link LayerNorm} and
 * ends with a {@link Dropout}. Immutable.
 *
 * @param heads of the attention; they divide the width
 * @param hidden how many numbers there are between the two dense layers; four times the width is
 *     usual
 * @param causal whether a position sees only itself and those before it
 * @param dropout the probability of dropout, 0 for none
 * @param activation between the dense layers; {@link Activation#GELU} is usual
 */
public record TransformerBlock(
    @JsonProperty("heads") long heads,
    @JsonProperty("hidden") long hidden,
    @JsonProperty("causal") boolean causal,
    @JsonProperty("dropout") double dropout,
    Activation activation)
    implements Layer {
  /**
   * @throws ShapeException if there are no heads or no hidden numbers
   * @throws IllegalArgumentException unless {@code 0 <= dropout < 1}
   */
  public TransformerBlock {
    new SelfAttention(heads, causal);
    Dense.of(hidden);
    new Dropout(dropout);
    new ActivationLayer(activation);
  }

  /** A block with {@link Activation#GELU}. */
  public TransformerBlock(long heads, long hidden, boolean causal, double dropout) {
    this(heads, hidden, causal, dropout, Activation.GELU);
  }

  @JsonCreator
  static TransformerBlock named(
      @JsonProperty("heads") long heads,
      @JsonProperty("hidden") long hidden,
      @JsonProperty("causal") boolean causal,
      @JsonProperty("dropout") double dropout,
      @JsonProperty("activation") String activation) {
    return new TransformerBlock(heads, hidden, causal, dropout, Activation.named(activation));
  }

  @JsonProperty("activation")
  String activationName() {
    return new ActivationLayer(activation).name();
  }

  @Override
  public boolean computesAnywhere() {
    return true;
  }

  @Override
  public Shape outputShape(Shape input) {
    return chain(input).outputShape(input);
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return chain(input).parameters(input);
  }

  @Override
  public long flops(Shape input) {
    return chain(input).flops(input);
  }

  @Override
  public long stashedFloats(Shape input) {
    return chain(input).stashedFloats(input);
  }

  @Override
  public long scratchFloats(Shape input) {
    return chain(input).scratchFloats(input);
  }

  @Override
  public boolean readsPlaces() {
    return !causal;
  }

  /** Returns false: its input is a part of its output: see {@link Residual}. */
  @Override
  public boolean hidesNotFinite() {
    return false;
  }

  @Override
  public Object weightCompatibility() {
    return new TransformerBlock(heads, hidden, causal, 0, activation);
  }

  @Override
  public Forward forward(INDArray input, Parameters parameters, Pass pass) {
    Width width = new Width(this, input.size(-1));
    return pass.memory().kernels().get(width, Width::chain).forward(input, parameters, pass);
  }

  /** Key of the layers within a block, which are kept with the kernels. */
  private record Width(TransformerBlock block, long width) {
    Chain chain() {
      return block.chain(width);
    }
  }

  private Chain chain(Shape input) {
    return chain(Sequences.width(Sequences.checked("A transformer block", input)));
  }

  private Chain chain(long width) {
    Dropout drop = new Dropout(dropout);
    Residual attention =
        new Residual(List.of(LayerNorm.usual(), new SelfAttention(heads, causal), drop));
    Residual positionwise =
        new Residual(
            List.of(
                LayerNorm.usual(),
                new Dense(hidden, true, activation.gain()),
                new ActivationLayer(activation),
                Dense.of(width),
                drop));
    return new Chain(List.of(attention, positionwise));
  }
}
