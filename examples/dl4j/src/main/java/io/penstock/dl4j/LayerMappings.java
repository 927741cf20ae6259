package io.penstock.dl4j;

import io.penstock.nn.Layer;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The kinds of layers that both libraries have. */
final class LayerMappings {
  private static final List<LayerReader> READERS =
      List.of(
          new DenseMapping(),
          new ActivationMapping(),
          new DropoutMapping(),
          new ConvolutionMapping(),
          new PoolingMapping(),
          new GlobalPoolingMapping(),
          new BatchNormMapping(),
          new EmbeddingMapping(),
          new LstmMapping(),
          new LastStepMapping(),
          new LossMapping());

  private static final List<LayerWriter> WRITERS =
      List.of(
          new DenseMapping(),
          new ActivationMapping(),
          new DropoutMapping(),
          new FlattenMapping(),
          new ConvolutionMapping(),
          new PoolingMapping(),
          new GlobalPoolingMapping(),
          new BatchNormMapping(),
          new EmbeddingMapping(),
          new LstmMapping(),
          new LastStepMapping());

  private LayerMappings() {}

  /**
   * @throws UnsupportedLayerException if Penstock has no such layer
   */
  static LayerReader reader(Source source) {
    Class<?> type = source.layer().getClass();
    return READERS.stream()
        .filter(reader -> reader.reads().contains(type))
        .findFirst()
        .orElseThrow(
            () ->
                source.refuse(
                    "Penstock has no counterpart of this type; take it out or replace it by one of "
                        + names(READERS.stream().flatMap(reader -> reader.reads().stream()))
                        + "."));
  }

  /**
   * @throws UnsupportedLayerException if DL4J has no such layer
   */
  static LayerWriter writer(Target target) {
    Class<? extends Layer> type = target.layer().getClass();
    return WRITERS.stream()
        .filter(writer -> writer.writes().contains(type))
        .findFirst()
        .orElseThrow(
            () ->
                target.refuse(
                    "DL4J's MultiLayerNetwork has no counterpart of this type; use the network in"
                        + " Penstock, or train one of "
                        + names(WRITERS.stream().flatMap(writer -> writer.writes().stream()))
                        + "."));
  }

  private static String names(Stream<? extends Class<?>> types) {
    return types.map(Class::getSimpleName).sorted().collect(Collectors.joining(", "));
  }
}
