package io.penstock.ml;

import io.penstock.nn.network.Sequential;
import org.apache.spark.ml.param.Param;

/**
 * The param that holds a network. It is kept as the text of {@link Sequential#toJson}, so what
 * cannot be kept, a custom layer, is refused before MLlib writes anything, and what is read back
 * holds no serialised Java.
 */
final class NetworkParam extends Param<Sequential> {
  private static final long serialVersionUID = 1L;

  /** Writes text as MLlib does. */
  private final Param<String> text;

  NetworkParam(String uid, String name) {
    super(
        uid,
        name,
        "The network, which setNetwork takes as a Sequential or as its JSON. Takes the place of"
            + " layers. With a custom layer it can be trained, but not saved.",
        new ParamValidator<>(
            name,
            "a Sequential, for example Sequential.input(784).dense(10).loss(...).build(), or its"
                + " JSON",
            value -> value instanceof Sequential));
    text = new Param<>(uid, name(), doc());
  }

  @Override
  public String jsonEncode(Sequential network) {
    return text.jsonEncode(network.toJson());
  }

  @Override
  public Sequential jsonDecode(String json) {
    return Sequential.fromJson(text.jsonDecode(json));
  }
}
