package io.penstock.nn;

import java.util.SplittableRandom;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Dropout: in training every element is zero with a probability, and the others are scaled up by as
 * much as is lost (Srivastava et al., 2014). The mask is keyed by the pass.
 *
 * @param rate the probability, at least 0 and below 1
 */
public record Dropout(@JsonProperty("rate") double rate) implements Layer {
  @JsonCreator
  public Dropout {
    if (!(rate >= 0 && rate < 1)) {
      throw new IllegalArgumentException(
          "Dropout's rate is the probability that an element is dropped, at least 0 and below 1,"
              + " not "
              + rate
              + ".");
    }
  }

  @Override
  public Shape outputShape(Shape input) {
    return input;
  }

  @Override
  public long flops(Shape input) {
    return input.size();
  }

  @Override
  public Forward forward(INDArray input, Parameters parameters, Pass pass) {
    if (!pass.training() || rate == 0) {
      return new Forward(input, gradient -> gradient);
    }
    INDArray mask = mask(input, pass);
    return new Forward(input.dup('f').muli(mask), gradient -> gradient.dup('f').muli(mask));
  }

  private INDArray mask(INDArray like, Pass pass) {
    SplittableRandom random =
        KeyedRandom.of(pass.seed(), pass.layer(), pass.step(), pass.microBatch());
    float kept = (float) (1 / (1 - rate));
    float[] mask = new float[Math.toIntExact(like.length())];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = random.nextDouble() < rate ? 0f : kept;
    }
    return Nd4j.create(mask, like.shape(), 'f').castTo(like.dataType());
  }
}
