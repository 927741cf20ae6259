package io.penstock.dl4j;

import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/** Makes DL4J's networks of Penstock's. */
final class Dl4jWriter {
  private Dl4jWriter() {}

  /**
   * @throws UnsupportedLayerException if a layer has no counterpart
   */
  static MultiLayerNetwork write(TrainedNetwork trained) {
    Writing writing = new Writing(trained.network());
    while (!writing.atEnd()) {
      Target target = writing.take();
      LayerMappings.writer(target).write(target, writing);
    }
    return writing.end(trained);
  }
}
